//! Lists and mappings: what they are made with, what is put into them later, and what is read from them.

use super::operators::{element, from_start, text};
use super::{Choices, Evaluator, Known, MAX_SIZE};
use assay_ir::{Op, Value};
use assay_resolve::FuncId;

impl Evaluator<'_, '_> {
    /// A list with what is spread into it, appended to it, and accumulated by a comprehension.
    pub(super) fn list(&self, f: FuncId, value: Value, cx: &Choices, depth: u32) -> Known {
        let Op::Collection(_, elements) = self.code.op(f, value) else { return Known::Unknown };
        let mut out = Vec::new();
        for element in elements {
            let known = self.eval(f, element.value, cx, depth);
            match (element.spread, known) {
                (false, known) => out.push(known),
                (true, known) => match known.elements() {
                    Some(items) => out.extend(items),
                    None => return Known::Unknown,
                },
            }
        }
        for inst in &self.code.function(f).insts {
            match &inst.op {
                Op::Accumulate { into, key: None, value: added } if *into == value => {
                    out.extend(self.within(f, cx, &|this, cx| this.eval(f, *added, cx, depth)));
                }
                Op::Call { func, args } if args.len() == 1 => {
                    let Op::Attr(base, method) = self.code.op(f, *func) else { continue };
                    if *base != value {
                        continue;
                    }
                    let added = args[0].value;
                    match self.code.text(*method) {
                        "append" | "add" => out.extend(self.within(f, cx, &|this, cx| this.eval(f, added, cx, depth))),
                        "extend" | "update" => {
                            for more in self.within(f, cx, &|this, cx| this.eval(f, added, cx, depth)) {
                                out.extend(more.elements().unwrap_or_default());
                            }
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
            if self.waits() {
                return Known::Unknown;
            }
        }
        out.truncate(MAX_SIZE);
        Known::List(out)
    }

    /// A mapping with what is set in it where it was made.
    pub(super) fn dict(&self, f: FuncId, value: Value, cx: &Choices, depth: u32) -> Known {
        let Op::Dict(entries) = self.code.op(f, value) else { return Known::Unknown };
        let mut out = Vec::new();
        for (key, item) in entries {
            let item = self.eval(f, *item, cx, depth);
            match (key, item) {
                (Some(key), item) => out.push((self.eval(f, *key, cx, depth), item)),
                (None, Known::Dict(more)) => out.extend(more),
                (None, _) => return Known::Unknown,
            }
        }
        for inst in &self.code.function(f).insts {
            let (key, item) = match &inst.op {
                Op::StoreItem { base, key, value: item } if *base == value => (*key, *item),
                Op::Accumulate { into, key: Some(key), value: item } if *into == value => (*key, *item),
                _ => continue,
            };
            out.extend(self.within(f, cx, &|this, cx| (this.eval(f, key, cx, depth), this.eval(f, item, cx, depth))));
            if self.waits() {
                return Known::Unknown;
            }
        }
        out.truncate(MAX_SIZE);
        Known::Dict(out)
    }

    pub(super) fn item(&self, f: FuncId, base: Value, key: Value, cx: &Choices, depth: u32) -> Known {
        let holder = self.eval(f, base, cx, depth);
        if let Op::Slice(low, high, None) = self.code.op(f, key) {
            let bound = |v: &Option<Value>| match v {
                None => Some(None),
                Some(v) => match self.eval(f, *v, cx, depth) {
                    Known::Int(n) => Some(Some(n)),
                    Known::None => Some(None),
                    _ => None,
                },
            };
            let (Some(low), Some(high), Known::Text(whole)) = (bound(low), bound(high), holder) else {
                return Known::Unknown;
            };
            let letters: Vec<char> = whole.chars().collect();
            let place = |n: i64| from_start(n, letters.len()).unwrap_or(0).min(letters.len());
            let (low, high) = (low.map_or(0, place), high.map_or(letters.len(), place));
            return text(letters.get(low..high).unwrap_or_default().iter().collect());
        }
        match (holder, self.eval(f, key, cx, depth)) {
            (Known::Dict(entries), key) => {
                let found = entries.into_iter().rev().find(|(k, _)| *k == key).map(|(_, v)| v);
                found.or_else(|| self.stored_item(f, base, &key, cx, depth)).unwrap_or(Known::Unknown)
            }
            (Known::List(items), Known::Int(n)) => element(&items, n),
            (_, key @ Known::Text(_)) => self.stored_item(f, base, &key, cx, depth).unwrap_or(Known::Unknown),
            _ => Known::Unknown,
        }
    }

    /// What the same function puts into an attribute's mapping under a key, if one place does: `self.routes["a"] = …`.
    pub(super) fn stored_item(&self, f: FuncId, base: Value, key: &Known, cx: &Choices, depth: u32) -> Option<Known> {
        let Op::Attr(object, name) = self.code.op(f, base) else { return None };
        let same = |other: Value| match self.code.op(f, other) {
            Op::Attr(o, n) => n == name && self.code.op(f, *o) == self.code.op(f, *object),
            _ => false,
        };
        let text = key.text()?;
        let mut stores = self.code.function(f).insts.iter().filter_map(|inst| match inst.op {
            Op::StoreItem { base: into, key: at, value } if same(into) => {
                (self.code.literal(f, at) == Some(text)).then_some(value)
            }
            _ => None,
        });
        match (stores.next(), stores.next()) {
            (Some(only), None) => Some(self.eval(f, only, cx, depth)),
            _ => None,
        }
    }
}
