//! Shapes of addresses that are taken apart and put together again.

use super::Shape;
use super::build::Builder;
use crate::Callee;

/// What follows the path of an address, with the sign that it begins with.
const BEHIND: [(&str, &str); 3] = [("query", "?"), ("params", ";"), ("fragment", "#")];

impl Builder<'_, '_> {
    /// The text of an address of which a part behind the path was replaced: that part can change nothing before it.
    pub(super) fn url_call(&mut self, callee: &Callee<'_>, depth: u32) -> Option<Vec<Shape>> {
        let last = callee.path().and_then(|p| p.rsplit('.').next()).or(callee.method)?;
        match last {
            "_replace" => {
                let receiver = callee.receiver?;
                let mut given = BEHIND.iter().filter_map(|(name, sign)| Some((callee.keyword(self.cx, name)?, *sign)));
                let (part, sign) = given.next()?;
                if callee.args.len() != 1 {
                    return None;
                }
                let whole = self.value(receiver, depth);
                let part = self.value(part, depth);
                Some(self.concat(vec![whole, vec![Shape::text(sign)], part], &[None, None, None]))
            }
            "geturl" => self.replaced(callee.receiver?, depth),
            "urlunparse" | "urlunsplit" => self.replaced(callee.positional(0)?, depth),
            _ => None,
        }
    }

    /// The text of an address, when a part of it was replaced just before.
    fn replaced(&mut self, parts: assay_ir::Value, depth: u32) -> Option<Vec<Shape>> {
        let callee = self.cx.callee(self.cx.plain(parts));
        (callee.method == Some("_replace")).then(|| self.value(parts, depth))
    }
}
