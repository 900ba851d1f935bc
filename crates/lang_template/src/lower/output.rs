//! What is put into the document, and whether that does harm there.

use super::Lowering;
use crate::expression::{Expr, Kind, Operator};
use assay_ir::Value;
use assay_ir::template as runtime;
use assay_markup::Place;
use assay_text::Span;

/// Filters that replace markup by entities.
const ESCAPES: [&str; 5] = ["escape", "e", "force_escape", "forceescape", "conditional_escape"];
/// Filters of Django after which a value that was marked as safe is so no more.
const UNMARKS: [&str; 2] = ["upper", "urlencode"];

impl Lowering<'_> {
    pub(super) fn feed(&mut self, span: Span) {
        if self.is_markup {
            self.reader.feed(span.slice(self.source));
        }
    }

    /// Puts the value of an expression into the document. The parts of a text that the template joins, and the
    /// values that it chooses from, are put in one by one.
    pub(super) fn output(&mut self, expr: &Expr, span: Span) {
        match &expr.kind {
            Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) | Kind::None => self.reader.hole(),
            Kind::Choice(test, value, other) => {
                let before = self.reader.clone();
                let (then_to, else_to) = self.condition(test);
                self.frame.body.switch_to(then_to);
                self.output(value, span);
                let value_end = self.frame.body.current();
                self.reader = before;
                self.frame.body.switch_to(else_to);
                match other {
                    Some(other) => self.output(other, span),
                    None => self.reader.hole(),
                }
                let other_end = self.frame.body.current();
                self.join_blocks(&[value_end, other_end]);
            }
            Kind::Concat(parts) => parts.iter().for_each(|part| self.output(part, span)),
            Kind::Binary(Operator::Add, left, right) if marked(left, false) || marked(right, false) => {
                self.output(left, span);
                self.output(right, span);
            }
            Kind::Call(callee, _) if self.runs_template(callee) => {
                self.expression(expr);
                self.reader.hole();
            }
            Kind::Attr(base, name) if name == "super" && matches!(&base.kind, Kind::Name(n) if n == "block") => {
                self.expression(expr);
            }
            _ => self.put(expr, span),
        }
    }

    fn put(&mut self, expr: &Expr, span: Span) {
        if !self.is_markup {
            self.expression(expr);
            return;
        }
        let place = self.reader.place();
        self.reader.hole();
        let escaped = self.autoescape && !marked(expr, self.is_django);
        let value = self.without(expr, place);
        let fixed = place == Place::UrlAttribute && is_own_address(expr);
        if escaped && (fixed || place.escape_suffices()) {
            self.run(runtime::ESCAPED, &[value], span);
            return;
        }
        let word = if escaped { problem(place) } else { "unescaped" };
        self.run(&format!("{}{word}", runtime::OUTPUT), &[value], span);
    }

    /// The value of an expression without the filters that do not help at this place.
    fn without(&mut self, expr: &Expr, place: Place) -> Value {
        let Kind::Filter(base, name, args) = &expr.kind else { return self.expression(expr) };
        let value = self.without(base, place);
        if is_useless(name, place) { value } else { self.apply_filter(value, name, args, expr.span) }
    }
}

/// Whether the template says that a value is markup.
fn marked(expr: &Expr, is_django: bool) -> bool {
    let mut at = expr;
    while let Kind::Filter(base, name, _) = &at.kind {
        match name.as_str() {
            "safe" | "safeseq" | "tojson" | "json_script" | "xmlattr" => return true,
            name if is_django && UNMARKS.contains(&name) => return false,
            _ => at = base,
        }
    }
    matches!(&at.kind, Kind::Call(callee, _) if matches!(&callee.kind, Kind::Name(name) if name == "Markup"))
}

/// Whether it is the address of the request itself, whose beginning nobody chooses.
fn is_own_address(expr: &Expr) -> bool {
    let expr = match &expr.kind {
        Kind::Call(callee, _) => callee,
        _ => expr,
    };
    let Kind::Attr(base, name) = &expr.kind else { return false };
    matches!(&base.kind, Kind::Name(request) if request == "request")
        && matches!(
            name.as_str(),
            "path"
                | "path_info"
                | "full_path"
                | "get_full_path"
                | "build_absolute_uri"
                | "url"
                | "base_url"
                | "url_root"
        )
}

fn is_useless(filter: &str, place: Place) -> bool {
    let entities = ESCAPES.contains(&filter);
    // Tornado's JSON ends no script, and that is all.
    if filter == "json_encode" {
        return place != Place::Script;
    }
    match place {
        Place::Script => entities || filter == "escapejs",
        Place::ScriptString('`') | Place::EventHandler => entities,
        Place::TagName | Place::AttributeName | Place::AttributeUnquoted | Place::UrlAttribute => {
            entities || filter == "escapejs"
        }
        _ => false,
    }
}

/// What is wrong with a place where replacing markup does not suffice.
fn problem(place: Place) -> &'static str {
    match place {
        Place::TagName | Place::AttributeName => "in_tag",
        Place::AttributeUnquoted => "in_unquoted_attribute",
        Place::UrlAttribute => "as_address",
        Place::EventHandler => "in_event_handler",
        _ => "in_script",
    }
}
