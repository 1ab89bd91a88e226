//! `/`

use api_types::{HomePage, HomeSection, PostCard, ProductCard, Promise, ShopConfig};
use axum::extract::State;
use leptos::prelude::*;
use serde_json::json;

use super::{
    head::{Head, Shared, absolute},
    journal,
    search::tiles,
};
use crate::{
    api::Error,
    app::{App, Page},
    components::{CardGrid, EmptyState, Picture, WidePicture, layout::Here, recent::recent},
    currency::Prices,
    texts,
};

/// What is new, what sells, what the shop promises.
pub async fn home(State(app): State<App>, Prices(currency): Prices) -> Result<Page, Error> {
    let (home, shop) = tokio::try_join!(app.api.home(Some(currency)), app.shop_config())?;
    let head = head(&app, &shop, &home);
    Ok(Page::public("", move || draw(home))
        .with_description(shop.tagline.clone())
        .with_head(move || head.draw())
        .with_class("home")
        .at(Here { path: "/".to_owned(), words: String::new() }))
}

fn head(app: &App, shop: &ShopConfig, home: &HomePage) -> Head {
    let public = &app.config.public_url;
    let url = absolute(public, "/");
    let picture = home.hero.as_ref().and_then(|hero| hero.picture.as_ref());
    let mut organization = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": shop.name,
        "slogan": shop.tagline,
        "url": url,
    });
    if let Some(icon) = app.assets.url("icon.svg") {
        organization["logo"] = json!(absolute(public, &icon));
    }
    let site = json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": shop.name,
        "url": url,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": format!("{}?q={{words}}", absolute(public, "/search")),
            },
            "query-input": "required name=words",
        },
    });
    Head {
        canonical: url,
        title: shop.name.clone(),
        description: shop.tagline.clone(),
        kind: "website",
        picture: picture.and_then(|picture| Shared::of(public, picture)),
        data: vec![site, organization],
    }
}

fn draw(home: HomePage) -> impl IntoView {
    let is_bare = home.new_arrivals.is_empty() && home.best_sellers.is_empty();
    let bare = is_bare.then(|| {
        view! {
            <div class="page">
                <EmptyState title=texts::home_empty() text=texts::home_empty_text()>
                    <a class="button" href="/search">{texts::home_empty_search()}</a>
                </EmptyState>
            </div>
        }
    });
    view! {
        {home.hero.map(hero)}
        {shelf("new", texts::home_new(), ("/search?sort=newest", texts::home_new_all()), home.new_arrivals)}
        {(!home.categories.is_empty())
            .then(|| {
                view! {
                    <section class="section" aria-labelledby="shelves">
                        <div class="page">
                            <header><h2 id="shelves">{texts::home_shelves()}</h2></header>
                            {tiles(&home.categories)}
                        </div>
                    </section>
                }
            })}
        {shelf(
            "bought-most",
            texts::home_bought(),
            ("/search?sort=best_selling", texts::home_bought_all()),
            home.best_sellers,
        )}
        {home.story.map(story)}
        {journal(home.posts)}
        {recent(None)}
        {promises(home.promises)}
        {bare}
    }
    .into_any()
}

fn hero(hero: HomeSection) -> impl IntoView {
    let picture = hero.picture.map(|picture| {
        view! { <WidePicture picture phone=hero.phone_picture eager=true/> }
    });
    view! {
        <section class="hero">
            {picture}
            <div class="words">
                <div class="page">
                    <h1>{hero.title}</h1>
                    <p>{hero.text}</p>
                    <a class="button primary" href=hero.link.path>{hero.link.title}</a>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn shelf(
    id: &'static str,
    title: &'static str,
    (path, all): (&'static str, &'static str),
    cards: Vec<ProductCard>,
) -> impl IntoView {
    (!cards.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby=id>
                <div class="page">
                    <header>
                        <h2 id=id>{title}</h2>
                        <a class="link" href=path>{all}</a>
                    </header>
                    <CardGrid cards/>
                </div>
            </section>
        }
        .into_any()
    })
}

fn story(story: HomeSection) -> impl IntoView {
    let picture = story.picture.map(|picture| {
        view! { <Picture picture sizes="(max-width: 52rem) 100vw, 45rem"/> }
    });
    view! {
        <section class="section" aria-labelledby="story">
            <div class="page story">
                {picture}
                <div>
                    <h2 id="story">{story.title}</h2>
                    <p>{story.text}</p>
                    <a class="link" href=story.link.path>{story.link.title}</a>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn journal(posts: Vec<PostCard>) -> impl IntoView {
    (!posts.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="journal">
                <div class="page">
                    <header>
                        <h2 id="journal">{texts::journal_home()}</h2>
                        <a class="link" href="/journal">{texts::journal_home_all()}</a>
                    </header>
                    {journal::cards(posts, journal::Among::Section)}
                </div>
            </section>
        }
        .into_any()
    })
}

fn promises(promises: Vec<Promise>) -> impl IntoView {
    (!promises.is_empty()).then(|| {
        let promises = promises
            .into_iter()
            .map(|promise| {
                view! { <li><h3>{promise.title}</h3><p class="muted">{promise.text}</p></li> }
            })
            .collect_view();
        view! {
            <section class="page" aria-label=texts::home_promises()>
                <ul class="promises">{promises}</ul>
            </section>
        }
        .into_any()
    })
}
