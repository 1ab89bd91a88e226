//! Making the catalogue what a file wants it to be: a transaction for many products, a savepoint
//! for each that fails.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Context;
use api_types::{CategoryId, ProductId};
use db::Db;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{
    Event, Listener, Options, Outcome, Totals,
    diff::differences,
    fetch::Fetcher,
    format::Layout,
    pictures::{self, Fetched, Hanging},
    plan::{self, Around, Owner, Refusal, Said, State, Wanted},
    read::Group,
    store::{self, Common, history::Changed},
};
use crate::{App, inventory};

/// Longest that one batch may take.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// How long an upload is claimed for, again at every batch.
pub const CLAIM: Duration = Duration::from_mins(5);

/// An import that is under way.
pub struct Run<'a> {
    app: &'a App,
    id: Uuid,
    /// How much was told so far.
    told: i64,
    db: Db,
    options: &'a Options,
    listener: &'a mut dyn Listener,
    fetcher: Fetcher,
    common: Common,
    categories: BTreeMap<String, CategoryId>,
    totals: Totals,
    /// What this batch has to tell, before it is put in the file's order.
    news: Vec<Event>,
}

/// A product that was read, and the lines that it stands on.
struct Asked {
    lines: Vec<u64>,
    named: String,
    wanted: Wanted,
    refusals: Vec<Refusal>,
}

/// What came of it.
#[derive(Default)]
struct Answered {
    /// The product, and what happened to it; absent when none of its rows could be taken.
    taken: Option<(ProductId, Outcome)>,
    refusals: Vec<Refusal>,
    /// Its name in addresses.
    handle: String,
    /// As it was, and as it is; absent when nothing is different.
    changed: Option<(Option<State>, State)>,
}

/// A product as it was and as it becomes.
struct Step {
    place: usize,
    before: Option<State>,
    after: State,
}

impl<'a> Run<'a> {
    /// Looks up what every product needs.
    pub async fn open(
        app: &'a App,
        id: Uuid,
        options: &'a Options,
        listener: &'a mut dyn Listener,
    ) -> anyhow::Result<Self> {
        let db = app.db.with_deadline(PATIENCE);
        let tax_class = db.read(async |conn| store::usual_tax_class(conn).await).await?;
        let common = Common {
            tax_class: tax_class
                .context("the shop has no tax class yet; run `backend seed` first")?,
            currency: options.currency,
            now: app.clock.now(),
        };
        let categories = db.read(async |conn| store::categories(conn).await).await?;
        let fetcher =
            Fetcher::new(app.config.catalog.picture_reach, options.pictures_folder.clone())?;
        Ok(Self {
            app,
            id,
            told: 0,
            db,
            options,
            listener,
            fetcher,
            common,
            categories,
            totals: Totals::default(),
            news: Vec::new(),
        })
    }

    /// What was done so far.
    pub fn totals(self) -> Totals {
        self.totals
    }

    /// Takes the products of these rows.
    pub async fn apply(&mut self, layout: &Layout, groups: Vec<Group>) -> anyhow::Result<()> {
        let mut asked = Vec::with_capacity(groups.len());
        for group in groups {
            asked.extend(self.read(layout, group));
        }
        let wanted: Vec<Wanted> = asked.iter().map(|asked| asked.wanted.clone()).collect();
        let all = Batch {
            layout,
            categories: &self.categories,
            common: self.common,
            run: self.id,
            is_dry_run: self.options.is_dry_run,
            keeps_existing: self.options.keeps_existing,
        };
        let (id, now, tried) = (self.id, self.app.clock.now(), &all);
        let answered = self
            .db
            .write(async |tx| {
                if !store::history::keep_claim(&mut *tx, id, now).await? {
                    return Ok(None);
                }
                store::begin_many(&mut *tx).await?;
                tried.write(tx, wanted).await.map(Some)
            })
            .await
            .context("the database did not take the products")?;
        let answered = answered.context("somebody else carries this import on")?;
        let mut hung = Vec::new();
        for (asked, answered) in asked.into_iter().zip(answered) {
            hung.extend(self.tell(asked, answered));
        }
        if !self.options.is_dry_run {
            self.hang(hung).await?;
        }
        self.report().await
    }

    /// Passes on what this batch has to tell, and keeps it.
    async fn report(&mut self) -> anyhow::Result<()> {
        self.news.sort_by_key(Event::line);
        let told: Vec<_> = self.news.iter().map(|event| serde_json::json!(event)).collect();
        let (id, first) = (self.id, self.told);
        self.db
            .write(async |tx| store::history::keep_rows(tx, id, first, &told).await)
            .await
            .context("the report could not be kept")?;
        self.told += i64::try_from(told.len())?;
        for event in self.news.drain(..) {
            self.listener.hear(&event);
        }
        self.listener.progress(&self.totals);
        Ok(())
    }

    /// Reads the rows of one product.
    fn read(&mut self, layout: &Layout, group: Group) -> Option<Asked> {
        let lines: Vec<u64> = group.rows.iter().map(|row| row.line).collect();
        let named = group.rows.first().map(|row| layout.named(row)).unwrap_or_default();
        self.totals.rows += (lines.len() + group.unreadable.len()) as u64;
        for (line, reason) in group.unreadable {
            let refusal = Refusal { line, column: layout.name("handle").to_owned(), reason };
            self.refuse(&named, refusal);
        }
        let today = self.common.now.date_naive();
        match layout.product(&group.rows, self.options.currency, today) {
            Ok((wanted, refusals)) => Some(Asked { lines, named, wanted, refusals }),
            Err(refusals) => {
                for refusal in refusals {
                    self.refuse(&named, refusal);
                }
                None
            }
        }
    }

    fn refuse(&mut self, handle: &str, refusal: Refusal) {
        let Refusal { line, column, reason } = refusal;
        self.totals.refused += 1;
        self.news.push(Event::Refused { line, handle: handle.to_owned(), column, reason });
    }

    /// Tells what came of a product; its pictures, if they are to be hung.
    fn tell(&mut self, asked: Asked, answered: Answered) -> Option<Hanging> {
        let Asked { lines, named, wanted, mut refusals } = asked;
        refusals.extend(answered.refusals);
        refusals.sort_by_key(|refusal| refusal.line);
        refusals.dedup_by_key(|refusal| refusal.line);
        let Some((product, outcome)) = answered.taken else {
            let whole = refusals.iter().find(|refusal| refusal.line == 0);
            for line in lines {
                let own = refusals.iter().find(|refusal| refusal.line == line);
                let told = own.or(whole).map(|told| Refusal { line, ..told.clone() });
                self.refuse(
                    &named,
                    told.unwrap_or_else(|| Refusal {
                        line,
                        column: refusals
                            .first()
                            .map_or_else(String::new, |first| first.column.clone()),
                        reason: "none of its product's variants could be taken".to_owned(),
                    }),
                );
            }
            return None;
        };
        match outcome {
            Outcome::Created => self.totals.created += 1,
            Outcome::Updated => self.totals.updated += 1,
            Outcome::Unchanged => self.totals.unchanged += 1,
            Outcome::Kept => self.totals.kept += 1,
        }
        let handle = answered.handle;
        if let Some((before, after)) = answered.changed.filter(|_| self.options.is_dry_run) {
            let line = lines.first().copied().unwrap_or_default();
            let differences = differences(before.as_ref(), &after);
            self.news.push(Event::Differs { line, handle: handle.clone(), differences });
        }
        for line in lines {
            if let Some(own) = refusals.iter().find(|refusal| refusal.line == line) {
                self.refuse(&named, own.clone());
            } else {
                self.news.push(Event::Row { line, handle: handle.clone(), outcome });
            }
        }
        let pictures = match wanted.pictures {
            _ if outcome == Outcome::Kept => return None,
            Said::This(pictures) if !(pictures.is_empty() && outcome == Outcome::Created) => {
                pictures
            }
            _ => return None,
        };
        Some(Hanging { product, handle, pictures })
    }

    /// Fetches the pictures that are not there yet, and hangs all of them.
    async fn hang(&mut self, mut hanging: Vec<Hanging>) -> anyhow::Result<()> {
        if hanging.is_empty() {
            return Ok(());
        }
        let all = hanging.iter_mut().flat_map(|product| &mut product.pictures);
        pictures::know_our_own(self.app, &self.db, all).await?;
        let mut fetched = Fetched::default();
        if self.options.with_pictures {
            fetched = pictures::fetch(self.app, &self.db, &self.fetcher, &hanging).await?;
        }
        let hanging = pictures::with_any(&self.db, hanging, &fetched).await?;
        if !hanging.is_empty() {
            pictures::hang(self.app, &self.db, self.id, (&hanging, &fetched)).await?;
        }
        self.totals.pictures += fetched.there.len() as u64;
        self.totals.no_pictures += fetched.missing.len() as u64;
        let all = hanging.iter().flat_map(|it| it.pictures.iter().map(|one| (&it.handle, one)));
        for (handle, picture) in all {
            // Told once, where the file names it first.
            let Some(missing) = fetched.missing.remove(&picture.url) else { continue };
            self.news.push(Event::NoPicture {
                line: picture.line,
                handle: handle.clone(),
                url: picture.url.clone(),
                reason: missing.reason,
                is_asked_again: !missing.is_final,
            });
        }
        Ok(())
    }
}

/// What all products of a batch have in common.
struct Batch<'a> {
    layout: &'a Layout,
    categories: &'a BTreeMap<String, CategoryId>,
    common: Common,
    run: Uuid,
    is_dry_run: bool,
    keeps_existing: bool,
}

impl Batch<'_> {
    /// Compares and writes; the answers are in the order of what was asked. A dry run does all of it and takes it back.
    async fn write(
        &self,
        tx: &mut PgConnection,
        wanted: Vec<Wanted>,
    ) -> sqlx::Result<Vec<Answered>> {
        let mut tried = tx.begin().await?;
        let answers = self.carried_out(&mut tried, wanted).await?;
        if self.is_dry_run {
            tried.rollback().await?;
            return Ok(answers);
        }
        // A product whose rows stand apart may have been changed twice.
        let mut changes: BTreeMap<ProductId, Changed> = BTreeMap::new();
        for answer in &answers {
            let Some(((before, after), (product, _))) = answer.changed.clone().zip(answer.taken)
            else {
                continue;
            };
            changes
                .entry(product)
                .and_modify(|change| change.after = after.clone())
                .or_insert(Changed { product, before, after });
        }
        let changes: Vec<_> = changes.into_values().collect();
        store::history::keep_changes(&mut tried, self.run, &changes).await?;
        let changed: Vec<_> = changes.iter().map(|change| change.product).collect();
        store::note_changed(&mut tried, &changed).await?;
        tried.commit().await?;
        Ok(answers)
    }

    async fn carried_out(
        &self,
        tx: &mut PgConnection,
        mut wanted: Vec<Wanted>,
    ) -> sqlx::Result<Vec<Answered>> {
        let skus: Vec<String> = wanted.iter().flat_map(skus).collect();
        let mut owners = store::sku_owners(&mut *tx, &skus).await?;
        for wanted in &mut wanted {
            know_by_code(wanted, &owners);
        }
        let handles: Vec<String> = wanted.iter().map(|wanted| wanted.handle.clone()).collect();
        let mut states = store::states(&mut *tx, &handles, self.common.currency).await?;
        let (mut answers, mut steps) = (Vec::with_capacity(wanted.len()), Vec::new());
        for (place, wanted) in wanted.into_iter().enumerate() {
            let before = states.get(&wanted.handle).cloned();
            if let Some(before) = before.as_ref().filter(|_| self.keeps_existing) {
                let taken = Some((before.id, Outcome::Kept));
                answers.push(Answered { taken, handle: wanted.handle, ..Answered::default() });
                continue;
            }
            let (answer, after) = self.merged(&mut *tx, before.as_ref(), wanted, &owners).await?;
            if let Some(after) = after {
                let codes = after.variants.iter().filter_map(|it| it.sku.clone());
                let owner = || Owner { product: after.id, handle: after.handle.clone() };
                owners.extend(codes.map(|sku| (sku, owner())));
                states.insert(after.handle.clone(), after.clone());
                if answer.changed.is_some() {
                    steps.push(Step { place, before, after });
                }
            }
            answers.push(answer);
        }
        for (place, reason) in carry_out(tx, &steps, self.common).await? {
            let answer: &mut Answered = &mut answers[place];
            (answer.taken, answer.changed) = (None, None);
            answer.refusals.push(Refusal {
                line: 0,
                column: reason.0.to_owned(),
                reason: reason.1,
            });
        }
        Ok(answers)
    }

    /// What a product becomes, and what is to be told of it.
    async fn merged(
        &self,
        tx: &mut PgConnection,
        before: Option<&State>,
        wanted: Wanted,
        owners: &BTreeMap<String, Owner>,
    ) -> sqlx::Result<(Answered, Option<State>)> {
        let shelf = match &wanted.shelf {
            Said::This(titles) => store::shelf(tx, titles).await?,
            Said::Nothing => None,
        };
        let around = Around {
            categories: self.categories,
            shelf,
            sku_owners: owners,
            price_column: self.layout.name("price"),
            sku_column: self.layout.name("sku"),
        };
        let handle = wanted.handle.clone();
        let (after, refusals) = plan::merged(before, wanted, &around);
        let outcome = |after: &State| match before {
            None => Outcome::Created,
            Some(before) if before == after => Outcome::Unchanged,
            Some(_) => Outcome::Updated,
        };
        let taken = after.as_ref().map(|after| (after.id, outcome(after)));
        let is_other = taken.is_some_and(|(_, outcome)| outcome != Outcome::Unchanged);
        let changed = after.clone().filter(|_| is_other).map(|after| (before.cloned(), after));
        Ok((Answered { taken, refusals, handle, changed }, after))
    }
}

/// A product that has one of these codes is meant, whatever it is called by now.
fn know_by_code(wanted: &mut Wanted, owners: &BTreeMap<String, Owner>) {
    if !wanted.is_found_by_sku {
        return;
    }
    let owner = skus(wanted).find_map(|sku| owners.get(&sku));
    if let Some(owner) = owner {
        wanted.handle.clone_from(&owner.handle);
    }
}

fn skus(wanted: &Wanted) -> impl Iterator<Item = String> {
    wanted.variants.iter().filter_map(|variant| match &variant.sku {
        Said::This(sku) => sku.clone(),
        Said::Nothing => None,
    })
}

/// Writes all at once, and when the database refuses that, one by one: the places of those that it
/// refuses, with the reason.
async fn carry_out(
    tx: &mut PgConnection,
    steps: &[Step],
    common: Common,
) -> sqlx::Result<Vec<(usize, (&'static str, String))>> {
    let mut places: Vec<&str> = steps.iter().map(|step| step.after.handle.as_str()).collect();
    places.sort_unstable();
    let is_each_once = places.windows(2).all(|pair| pair[0] != pair[1]);
    let all: Vec<&Step> = steps.iter().collect();
    if all.is_empty() || (is_each_once && attempt(tx, &all, common).await?.is_ok()) {
        return Ok(Vec::new());
    }
    let mut refused = Vec::new();
    for step in steps {
        if let Err(error) = attempt(tx, &[step], common).await? {
            refused.push((step.place, reason(&error)));
        }
    }
    Ok(refused)
}

/// Writes within a savepoint; the inner error is the database's word on the data.
async fn attempt(
    tx: &mut PgConnection,
    steps: &[&Step],
    common: Common,
) -> sqlx::Result<Result<(), sqlx::Error>> {
    let mut savepoint = tx.begin().await?;
    let states: Vec<&State> = steps.iter().map(|step| &step.after).collect();
    let counts: Vec<_> = steps.iter().flat_map(|step| counts(step)).collect();
    let mut written = store::write(&mut savepoint, &states, common).await;
    if written.is_ok() && !counts.is_empty() {
        written = inventory::count(&mut savepoint, &counts, "import", common.now).await;
    }
    match written {
        Ok(()) => savepoint.commit().await.map(Ok),
        Err(error) if db::is_unavailable(&error) || db::is_retryable(&error) => Err(error),
        Err(error) => {
            savepoint.rollback().await?;
            Ok(Err(error))
        }
    }
}

/// What is counted anew: only what the file says otherwise than it was.
fn counts(step: &Step) -> Vec<inventory::Count> {
    let before = |id| {
        let variants = step.before.iter().flat_map(|state| &state.variants);
        variants.clone().find(|variant| variant.id == id)
    };
    let is_new = |variant: &plan::StateVariant| {
        before(variant.id).is_none_or(|before| {
            (before.is_tracked, before.on_hand, before.may_run_short)
                != (variant.is_tracked, variant.on_hand, variant.may_run_short)
        })
    };
    let tracked = step.after.variants.iter().filter(|it| it.is_tracked && is_new(it));
    tracked
        .map(|variant| inventory::Count {
            variant: variant.id,
            on_hand: variant.on_hand,
            may_run_short: variant.may_run_short,
        })
        .collect()
}

/// Why the database refused a product, and by which column.
fn reason(error: &sqlx::Error) -> (&'static str, String) {
    match db::constraint(error) {
        Some("variant_sku_unique") => ("SKU", "belongs to another variant".to_owned()),
        Some("product_handle_unique") => {
            ("Handle", "was taken by somebody else meanwhile".to_owned())
        }
        Some(rule) => ("Handle", format!("breaks the rule {rule}")),
        None => ("Handle", format!("the database refused it: {error}")),
    }
}
