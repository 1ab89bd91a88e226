//! The API's document as a page of HTML (pure).

use std::{collections::BTreeMap, fmt::Write};

use serde_json::{Map, Value};

/// Methods in the order that they are shown in.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One thing that the API does.
struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    body: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> &str {
        self.body["operationId"].as_str().unwrap_or_default()
    }

    fn summary(&self) -> &str {
        self.body["summary"].as_str().unwrap_or_default()
    }
}

/// The whole page.
pub fn page(document: &Value) -> String {
    let title = escaped(document["info"]["title"].as_str().unwrap_or_default());
    let about = escaped(document["info"]["description"].as_str().unwrap_or_default());
    let version = escaped(document["info"]["version"].as_str().unwrap_or_default());
    let tags = by_tag(document);
    let schemas = document["components"]["schemas"].as_object();
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} API</title><link rel=\"stylesheet\" href=\"/api/docs/style.css\"></head><body>\
         <a class=\"skip\" href=\"#content\">Skip to the content</a><div class=\"layout\">"
    );
    html.push_str(&contents(&tags, schemas));
    let _ = write!(
        html,
        "<main id=\"content\"><h1>{title} API</h1><p class=\"quiet\">Version {version}</p><p>{about}</p>\
         <p><a href=\"/api/openapi.json\">The same as OpenAPI 3.1</a>, for programs.</p>"
    );
    for (tag, operations) in &tags {
        let _ = write!(html, "<section><h2 id=\"tag-{0}\">{0}</h2>", escaped(tag));
        for operation in operations {
            html.push_str(&article(operation));
        }
        html.push_str("</section>");
    }
    html.push_str("<section><h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in schemas.into_iter().flatten() {
        html.push_str(&named_schema(name, schema));
    }
    html.push_str("</section></main></div></body></html>\n");
    html
}

fn by_tag(document: &Value) -> BTreeMap<&str, Vec<Operation<'_>>> {
    let mut tags: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let Some(body) = item.get(method) else { continue };
            let tag = body["tags"][0].as_str().unwrap_or("other");
            tags.entry(tag).or_default().push(Operation { method, path, body });
        }
    }
    tags
}

fn contents(
    tags: &BTreeMap<&str, Vec<Operation<'_>>>,
    schemas: Option<&Map<String, Value>>,
) -> String {
    let mut html = "<nav aria-label=\"Contents\">".to_owned();
    for (tag, operations) in tags {
        let _ = write!(html, "<h2>{}</h2><ul>", escaped(tag));
        for operation in operations {
            let (id, summary) = (escaped(operation.id()), escaped(operation.summary()));
            let _ = write!(html, "<li><a href=\"#{id}\">{summary}</a></li>");
        }
        html.push_str("</ul>");
    }
    html.push_str("<h2>Schemas</h2><ul>");
    for name in schemas.into_iter().flat_map(Map::keys) {
        let name = escaped(name);
        let _ = write!(html, "<li><a href=\"#schema-{name}\">{name}</a></li>");
    }
    html.push_str("</ul></nav>");
    html
}

fn article(operation: &Operation<'_>) -> String {
    let (id, summary) = (escaped(operation.id()), escaped(operation.summary()));
    let (method, path) = (operation.method, escaped(operation.path));
    let mut html = format!(
        "<article id=\"{id}\"><h3>{summary}</h3><p class=\"route\">\
         <span class=\"method {method}\">{}</span> <code>{path}</code></p>",
        method.to_uppercase(),
    );
    if let Some(more) = operation.body["description"].as_str() {
        let _ = write!(html, "<p>{}</p>", escaped(more));
    }
    let parameters = operation.body["parameters"].as_array();
    if let Some(parameters) = parameters.filter(|all| !all.is_empty()) {
        html.push_str(
            "<h4>Parameters</h4><div class=\"wide\"><table><tr><th>Name<th>In<th>Type<th>What</tr>",
        );
        for parameter in parameters {
            let text = |key: &str| escaped(parameter[key].as_str().unwrap_or_default());
            let _ = write!(
                html,
                "<tr><td><code{}>{}</code><td>{}<td>{}<td>{}</tr>",
                must(parameter["required"] == true),
                text("name"),
                text("in"),
                kind(&parameter["schema"]),
                text("description"),
            );
        }
        html.push_str("</table></div>");
    }
    if let Some(body) = content(&operation.body["requestBody"]) {
        let _ = write!(html, "<h4>Body</h4><p>{}</p>", kind(&body["schema"]));
    }
    html.push_str("<h4>Answers</h4><div class=\"wide\"><table><tr><th>Status<th>Body<th>When</tr>");
    for (status, answer) in operation.body["responses"].as_object().into_iter().flatten() {
        let body = content(answer).map(|body| kind(&body["schema"])).unwrap_or_default();
        let when = escaped(answer["description"].as_str().unwrap_or_default());
        let _ = write!(html, "<tr><td><code>{}</code><td>{body}<td>{when}</tr>", escaped(status));
    }
    html.push_str("</table></div><h4>Example</h4>");
    let _ = write!(html, "<pre><code>{}</code></pre></article>", escaped(&example(operation)));
    html
}

/// A command that asks for it.
fn example(operation: &Operation<'_>) -> String {
    let mut command = "curl".to_owned();
    if operation.method != "get" {
        let _ = write!(command, " -X {}", operation.method.to_uppercase());
    }
    let mut query = Vec::new();
    for parameter in operation.body["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        match parameter["in"].as_str() {
            Some("header") if parameter["required"] == true => {
                let _ = write!(command, " -H '{name}: …'");
            }
            Some("query") if parameter["required"] == true => query.push(format!("{name}=…")),
            _ => {}
        }
    }
    if content(&operation.body["requestBody"]).is_some() {
        command.push_str(" -H 'Content-Type: application/json' -d '{…}'");
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    format!("{command} 'https://shop.example{}{query}'", operation.path)
}

fn named_schema(name: &str, schema: &Value) -> String {
    let mut html = format!("<article id=\"schema-{0}\"><h3><code>{0}</code></h3>", escaped(name));
    if let Some(about) = schema["description"].as_str() {
        let _ = write!(html, "<p>{}</p>", escaped(about));
    }
    let fields = schema["properties"].as_object();
    if fields.is_none() {
        let _ = write!(html, "<p>{}</p>", kind(schema));
    }
    if let Some(fields) = fields {
        let required = schema["required"].as_array();
        html.push_str("<div class=\"wide\"><table><tr><th>Field<th>Type<th>What</tr>");
        for (field, schema) in fields {
            let is_required = required.is_some_and(|all| all.iter().any(|name| name == field));
            let about = schema["description"].as_str().unwrap_or_default();
            let _ = write!(
                html,
                "<tr><td><code{}>{}</code><td>{}<td>{}</tr>",
                must(is_required),
                escaped(field),
                kind(schema),
                escaped(about),
            );
        }
        html.push_str("</table></div>");
    }
    html.push_str("</article>");
    html
}

fn must(is_required: bool) -> &'static str {
    if is_required { " class=\"must\" title=\"required\"" } else { "" }
}

/// What kind of value a schema describes, with links to those that have names.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values =
            values.iter().map(|value| format!("<code>{}</code>", escaped(&value.to_string())));
        return values.collect::<Vec<_>>().join(" or ");
    }
    if let Some(value) = schema.get("const") {
        return format!("<code>{}</code>", escaped(&value.to_string()));
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema[several].as_array() {
            let joint = if several == "allOf" { " and " } else { " or " };
            let kinds = all.iter().filter(|one| one["type"] != "null").map(kind);
            return kinds.collect::<Vec<_>>().join(joint);
        }
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    match names.into_iter().find(|name| *name != "null") {
        Some("array") => match &schema["prefixItems"] {
            Value::Array(items) => {
                format!("({})", items.iter().map(kind).collect::<Vec<_>>().join(", "))
            }
            _ => format!("list of {}", kind(&schema["items"])),
        },
        Some("object") if schema["properties"].is_object() => fields(&schema["properties"]),
        Some(name) => match schema["format"].as_str() {
            Some(format) => format!("{} ({})", escaped(name), escaped(format)),
            None => escaped(name),
        },
        None => "anything".to_owned(),
    }
}

/// The fields of an object that has no name.
fn fields(properties: &Value) -> String {
    let all = properties.as_object().into_iter().flatten();
    let each =
        all.map(|(name, schema)| format!("<code>{}</code>: {}", escaped(name), kind(schema)));
    format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
}

/// The body of a request or an answer, in its first media type.
fn content(of: &Value) -> Option<&Value> {
    of["content"].as_object()?.values().next()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_are_told_in_words_with_links() {
        for (schema, shown) in [
            (
                json!({ "$ref": "#/components/schemas/Money" }),
                "<a href=\"#schema-Money\">Money</a>",
            ),
            (json!({ "type": ["string", "null"] }), "string"),
            (
                json!({ "type": "array", "items": { "type": "integer", "format": "int64" } }),
                "list of integer (int64)",
            ),
            (json!({ "oneOf": [{ "type": "null" }, { "type": "boolean" }] }), "boolean"),
            (
                json!({ "type": "string", "enum": ["a", "b"] }),
                "<code>&quot;a&quot;</code> or <code>&quot;b&quot;</code>",
            ),
            (json!({}), "anything"),
        ] {
            assert_eq!(kind(&schema), shown);
        }
    }

    #[test]
    fn the_page_shows_each_operation_and_lets_nothing_through() {
        let document = json!({
            "info": { "title": "<Shop>", "description": "", "version": "1" },
            "paths": { "/api/carts/{id}": { "post": {
                "tags": ["cart"], "operationId": "add_line", "summary": "Add & see",
                "parameters": [{ "name": "Key", "in": "header", "required": true, "schema": { "type": "string" } }],
                "requestBody": { "content": { "application/json": { "schema": { "type": "object" } } } },
                "responses": { "200": { "description": "", "content": {} } },
            } } },
        });

        let html = page(&document);

        assert!(html.contains("&lt;Shop&gt; API") && !html.contains("<Shop>"));
        assert!(html.contains("id=\"add_line\"") && html.contains("Add &amp; see"));
        assert!(
            html.contains("curl -X POST -H 'Key: …' -H 'Content-Type: application/json' -d '{…}'")
        );
    }
}
