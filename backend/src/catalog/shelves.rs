//! The tree of shelves, kept at hand: every page shows a part of it.

use std::{fmt, sync::Arc};

use api_types::{Category, CategoryDetail, CategoryId, Crumb, Picture};

use super::store;
use crate::{App, cache::Memo, http::Result};

/// One shelf as it is kept.
pub struct Shelf {
    /// Which one.
    pub id: CategoryId,
    /// The shelf that it stands in.
    pub parent: Option<String>,
    /// Its name in addresses.
    pub handle: String,
    /// Its name for people.
    pub title: String,
    /// A sentence about it.
    pub intro: String,
    /// A picture of what is there.
    pub picture: Option<Picture>,
    /// Products on sale that lie on it, and not on those inside it.
    pub products: i64,
}

/// Every shelf, in order.
#[derive(Clone, Debug)]
pub struct Tree {
    roots: Vec<Category>,
}

impl Tree {
    /// Puts each shelf into its parent; `shelves` are in the order of their positions.
    pub fn new(shelves: &[Shelf]) -> Self {
        Self { roots: inside(None, shelves) }
    }

    /// The top shelves with all inside them.
    pub fn tree(&self) -> &[Category] {
        &self.roots
    }

    /// The shelf of this handle, and the way to it.
    pub fn detail(&self, handle: &str) -> Option<CategoryDetail> {
        let mut way = Vec::new();
        let category = walk(&self.roots, handle, &mut way)?.clone();
        Some(CategoryDetail { category, breadcrumbs: way })
    }
}

/// A handle on the tree that is kept.
#[derive(Clone, Default)]
pub struct Shelves {
    kept: Arc<Memo<Tree>>,
}

impl Shelves {
    /// The tree, read again after a while.
    pub async fn read(&self, app: &App) -> Result<Arc<Tree>> {
        let ttl = app.cache.ttl() * 6;
        let read = async || {
            let shelves = app.db.read(async |conn| store::shelves(conn).await).await?;
            Ok(Tree::new(&shelves))
        };
        self.kept.get(app.clock.now(), ttl, read).await
    }

    /// Has the next who asks read the tree anew, because it has changed.
    pub fn forget(&self) {
        self.kept.forget();
    }
}

impl fmt::Debug for Shelves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelves").finish_non_exhaustive()
    }
}

/// The shelf by itself, as rows of shelves show it.
pub fn without_children(category: &Category) -> Category {
    Category { children: Vec::new(), ..category.clone() }
}

fn inside(parent: Option<&str>, shelves: &[Shelf]) -> Vec<Category> {
    let here = shelves.iter().filter(|shelf| shelf.parent.as_deref() == parent);
    here.map(|shelf| {
        let children = inside(Some(&shelf.handle), shelves);
        Category {
            id: shelf.id,
            handle: shelf.handle.clone(),
            title: shelf.title.clone(),
            intro: shelf.intro.clone(),
            parent: shelf.parent.clone(),
            picture: shelf.picture.clone(),
            product_count: shelf.products
                + children.iter().map(|child| child.product_count).sum::<i64>(),
            children,
        }
    })
    .collect()
}

fn walk<'tree>(
    shelves: &'tree [Category],
    handle: &str,
    way: &mut Vec<Crumb>,
) -> Option<&'tree Category> {
    for shelf in shelves {
        way.push(Crumb { handle: shelf.handle.clone(), title: shelf.title.clone() });
        if shelf.handle == handle {
            return Some(shelf);
        }
        if let Some(found) = walk(&shelf.children, handle, way) {
            return Some(found);
        }
        way.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(handle: &str, parent: Option<&str>, products: i64) -> Shelf {
        Shelf {
            id: CategoryId(uuid::Uuid::nil()),
            parent: parent.map(str::to_owned),
            handle: handle.to_owned(),
            title: handle.to_uppercase(),
            intro: String::new(),
            picture: None,
            products,
        }
    }

    #[test]
    fn a_shelf_counts_what_lies_on_the_shelves_inside_it() {
        let tree = Tree::new(&[
            shelf("kitchen", None, 1),
            shelf("mugs", Some("kitchen"), 4),
            shelf("cups", Some("mugs"), 2),
            shelf("desk", None, 0),
        ]);

        let counts: Vec<_> = tree.tree().iter().map(|shelf| shelf.product_count).collect();
        let cups = tree.detail("cups").unwrap();
        let way: Vec<_> = cups.breadcrumbs.iter().map(|crumb| crumb.handle.as_str()).collect();

        assert_eq!(counts, [7, 0]);
        assert_eq!(way, ["kitchen", "mugs", "cups"]);
        assert!(tree.detail("chairs").is_none());
    }
}
