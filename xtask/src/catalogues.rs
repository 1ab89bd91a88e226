//! Catalogues of other shops, taken in before the browser's tests look at them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{place, shell, shop::Plan};

/// A catalogue that Shopify exported, of a shop that is not ours; its pictures cannot be reached from here.
const APPAREL: &str = "../shared/catalogs/shopify-apparel.csv";
/// A shop of outdoor goods, each with a photograph that is named by its id.
const OUTDOOR: &str = "../shared/catalogs/eshop";
/// Our own: what is odd about other shops' goods.
const ODD: &str = "frontend/e2e/catalogue";

/// How `backend import` ends when it could not take every row.
const REFUSED_SOME: i32 = 3;

/// Takes them in; whether those of other shops, which lie beside this project, were among them.
pub fn take_in(plan: &Plan) -> Result<bool> {
    let odd = place::root().join(ODD);
    import(plan, &odd.join("odd.csv"), Some(&odd.join("pictures")))?;
    let (apparel, outdoor) = (place::root().join(APPAREL), place::root().join(OUTDOOR));
    if !apparel.exists() || !outdoor.exists() {
        return Ok(false);
    }
    import(plan, &apparel, None)?;
    import(plan, &written(plan, &outdoor)?, Some(&outdoor.join("pics")))?;
    Ok(true)
}

fn import(plan: &Plan, file: &Path, pictures: Option<&Path>) -> Result<()> {
    let mut import = plan.backend(&["import"]);
    match pictures {
        Some(folder) => import.arg("--pictures").arg(folder),
        None => import.arg("--without-pictures"),
    };
    let status = shell::status(import.arg(file))?;
    match status.code() {
        Some(0 | REFUSED_SOME) => Ok(()),
        _ => bail!("importing {} ended with {status}: its message is above", file.display()),
    }
}

/// The outdoor goods as Shopify would write them, which their own shop cannot.
fn written(plan: &Plan, folder: &Path) -> Result<PathBuf> {
    let catalogue = folder.join("catalog.json");
    let text =
        fs::read(&catalogue).with_context(|| format!("cannot read {}", catalogue.display()))?;
    let products: Vec<Value> = serde_json::from_slice(&text)
        .with_context(|| format!("{} is no list of products", catalogue.display()))?;
    let head = "Handle,Title,Body (HTML),Vendor,Type,Variant SKU,Variant Inventory Qty,Variant Price,Image Src";
    let lines = std::iter::once(head.to_owned()).chain(products.iter().map(line));
    let file = plan.folder.join("outdoor.csv");
    fs::write(&file, lines.collect::<Vec<_>>().join("\n"))
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

fn line(product: &Value) -> String {
    let text = |name: &str| match &product[name] {
        Value::String(text) => text.replace('"', "\"\""),
        other => other.to_string(),
    };
    let id = text("Id");
    let cells = [
        format!("{} {id}", text("Name")),
        text("Name"),
        text("Description"),
        text("Brand"),
        text("Type"),
        format!("OUT-{id}"),
        "20".to_owned(),
        text("Price"),
        format!("https://outdoor.invalid/pics/{id}.webp"),
    ];
    format!("\"{}\"", cells.join("\",\""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_product_is_a_line_whatever_is_in_its_words() {
        let product = json!({
            "Id": 7, "Name": "The \"Crag\", wide", "Description": "a\nb", "Brand": "B", "Type": "T", "Price": 9.5,
        });

        assert_eq!(
            line(&product),
            "\"The \"\"Crag\"\", wide 7\",\"The \"\"Crag\"\", wide\",\"a\nb\",\"B\",\"T\",\"OUT-7\",\"20\",\"9.5\",\
             \"https://outdoor.invalid/pics/7.webp\"",
        );
    }
}
