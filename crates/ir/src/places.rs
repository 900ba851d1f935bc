//! Modules that differ in nothing but where their code stands.
//!
//! What the analyses of the whole program find out of a module, places apart, is then the same. They may compare places with each other, but
//! only to see whether one contains another; so the order of starts, and that of ends, must be the same as well.

use crate::{Class, Function, Module};
use assay_text::Span;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

impl Module {
    /// Whether this module is another one, moved: the same code with the same strings at places in the same order. Modules of a language with
    /// typed memory never are.
    pub fn is_moved(&self, other: &Self) -> bool {
        let Self { functions, classes, strings, types: _, objects, exports, gaps: _ } = self;
        let plain = |module: &Self| module.objects.is_empty() && module.types.is_empty();
        objects.is_empty()
            && plain(self)
            && plain(other)
            && strings.strings().eq(other.strings.strings())
            && *exports == other.exports
            && functions.len() == other.functions.len()
            && classes.len() == other.classes.len()
            && functions.iter().zip(&other.functions).all(|(one, other)| same_function(one, other))
            && classes.iter().zip(&other.classes).all(|(one, other)| same_class(one, other))
            && same_order(self.places().zip(other.places()))
    }

    /// Takes the places of a module that this one [is, moved](Self::is_moved). What was taken out of this one since then does no harm; symbols
    /// may be other ones.
    pub fn move_to(&mut self, other: &Self) {
        for (one, other) in self.functions.iter_mut().zip(&other.functions) {
            (one.span, one.name_span) = (other.span, other.name_span);
            for (one, other) in one.params.iter_mut().zip(&other.params) {
                one.span = other.span;
            }
            for (one, other) in one.insts.iter_mut().zip(&other.insts) {
                one.span = other.span;
            }
        }
        for (one, other) in self.classes.iter_mut().zip(&other.classes) {
            (one.span, one.name_span) = (other.span, other.name_span);
        }
        self.gaps.clone_from(&other.gaps);
    }

    /// The places of its code, in the order of functions and instructions.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        let of_function = |function: &Function| [function.span, function.name_span];
        let functions = self.functions.iter().flat_map(move |function| {
            let inner = function.params.iter().map(|param| param.span);
            of_function(function).into_iter().chain(inner).chain(function.insts.iter().map(|inst| inst.span))
        });
        functions.chain(self.classes.iter().flat_map(|class| [class.span, class.name_span]))
    }
}

fn same_function(one: &Function, other: &Function) -> bool {
    // Every field is named, so that whoever adds one decides.
    let Function {
        name,
        qualified,
        kind,
        parent,
        class,
        params,
        signature,
        is_async,
        is_generator,
        cells,
        blocks,
        insts,
        span: _,
        name_span: _,
    } = one;
    (name, qualified, kind, parent, class) == (&other.name, &other.qualified, &other.kind, &other.parent, &other.class)
        && (signature, is_async, is_generator) == (&other.signature, &other.is_async, &other.is_generator)
        && params.len() == other.params.len()
        && params
            .iter()
            .zip(&other.params)
            .all(|(a, b)| (a.name, a.kind, a.has_default) == (b.name, b.kind, b.has_default))
        && *cells == other.cells
        && *blocks == other.blocks
        && insts.len() == other.insts.len()
        && insts.iter().zip(&other.insts).all(|(a, b)| a.op == b.op && a.ty == b.ty)
}

fn same_class(one: &Class, other: &Class) -> bool {
    let Class { name, qualified, body, span: _, name_span: _ } = one;
    (name, qualified, body) == (&other.name, &other.qualified, &other.body)
}

/// Whether starts stand in the same order as the others do, and ends likewise, and what is empty stays empty.
fn same_order(pairs: impl Iterator<Item = (Span, Span)>) -> bool {
    let (mut starts, mut ends) = (BTreeMap::new(), BTreeMap::new());
    let put = |map: &mut BTreeMap<u32, u32>, from: u32, to: u32| match map.entry(from) {
        Entry::Vacant(entry) => *entry.insert(to) == to,
        Entry::Occupied(entry) => *entry.get() == to,
    };
    for (one, other) in pairs {
        if !put(&mut starts, one.start, other.start)
            || !put(&mut ends, one.end, other.end)
            || one.is_empty() != other.is_empty()
        {
            return false;
        }
    }
    let rises = |map: &BTreeMap<u32, u32>| map.values().zip(map.values().skip(1)).all(|(one, next)| one < next);
    rises(&starts) && rises(&ends)
}
