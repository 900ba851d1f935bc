//! Expressions as automata that count ways.
//!
//! - A *position* is one occurrence of a class in the expression, after repetitions with counts were written out.
//!   Being at a position means that its class took the last character (Glushkov's construction).
//! - The *ways* of an edge are the numbers of different paths without a character that a backtracking matcher may take from
//!   one position to the next, 1 or *more than 1*. `(a|b*)*` and `(a|b)*` have the same positions and edges, but not the same
//!   ways. An iteration that matches nothing counts where Python's matcher allows it: once, after which the loop
//!   is left.
//! - A *letter* is a set of characters that no class of the expression tells apart, represented by one of them.
//!
//! What is counted is work, not success: the body of a look-ahead is a branch from which no way leads on, since
//! the matcher runs it and then returns to where it was.
//!
//! The counting of ways makes ambiguity of the expression, as Allauzen, Mohri and Rastogi (2008) define it for
//! automata without empty transitions, that of a matcher that has them (Weideman, van der Merwe, Berglund and Watson,
//! 2016).

use super::{Anchor, CharSet, Node, Regex, Taking};
use assay_index::{FxHashMap, FxHashSet};

/// Positions of an automaton. Of an expression that needs more, repetitions with counts are cut shorter; one that still
/// needs more is not judged.
const MAX_POSITIONS: usize = 1200;
/// Edges of an automaton, likewise.
const MAX_EDGES: usize = 40_000;
/// Copies that a repetition with counts is written out to, at first and when that is too much.
const COPIES: [u32; 3] = [64, 6, 2];
/// Letters of an automaton.
const MAX_LETTERS: usize = 256;
/// Back references within groups that are referred to.
const MAX_REFERENCES: u32 = 2;

/// A set of letters.
pub(super) type Letters = [u64; MAX_LETTERS / 64];

/// One position.
#[derive(Clone, Debug)]
pub(super) struct Position {
    /// The letters that lead to it.
    pub(super) letters: Letters,
    /// The outermost repetition without end around it, where it stands.
    pub(super) repeat: Option<(u32, u32)>,
}

/// An edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// The position that it leads to.
    pub(super) to: u32,
    /// Whether there is more than one way.
    pub(super) several: bool,
}

/// An expression as an automaton.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    /// The positions. When the search for a start is part of the automaton, the first position is that.
    pub(super) positions: Vec<Position>,
    /// The edges of each position.
    pub(super) edges: Vec<Vec<Edge>>,
    /// The positions that a match can start with.
    pub(super) first: Vec<Edge>,
    /// A character of each letter.
    pub(super) letters: Vec<char>,
    /// Whether position 0 is the search for a start.
    pub(super) searches: bool,
    /// What could not be modelled, in words.
    pub(super) gaps: Vec<&'static str>,
}

impl Automaton {
    /// The automaton of an expression; with `search`, the start is searched for. `None` for one that is too large.
    pub(super) fn new(regex: &Regex, search: bool) -> Option<Self> {
        COPIES.iter().find_map(|copies| Self::with_copies(regex, search, *copies))
    }

    fn with_copies(regex: &Regex, search: bool, copies: u32) -> Option<Self> {
        let mut groups = FxHashMap::default();
        collect_groups(&regex.root, &mut groups);
        let mut builder = Builder {
            sets: Vec::new(),
            repeats: Vec::new(),
            edges: Vec::new(),
            edge_count: 0,
            full: false,
            copies,
            repeat: None,
            groups,
            references: 0,
            gaps: regex.gaps.clone(),
        };
        let mut whole = Fragment::empty();
        if search {
            let skip = builder.class(&CharSet::any());
            let skip = builder.looped(skip, 0);
            whole = Fragment { none: Ways { free: 1, start: 0 }, ..skip };
        }
        let core = builder.node(&regex.root);
        whole = builder.concat(whole, core);
        if builder.full {
            return None;
        }
        let letters = letters_of(&builder.sets)?;
        let positions = builder
            .sets
            .iter()
            .zip(&builder.repeats)
            .map(|(set, repeat)| {
                let mut mask = [0; MAX_LETTERS / 64];
                for (i, c) in letters.iter().enumerate() {
                    if set.contains(*c) {
                        mask[i / 64] |= 1 << (i % 64);
                    }
                }
                Position { letters: mask, repeat: *repeat }
            })
            .collect();
        let first =
            whole.first.iter().map(|(to, ways)| Edge { to: *to, several: ways.free + ways.start > 1 }).collect();
        let edges = builder
            .edges
            .into_iter()
            .map(|mut ways| {
                ways.sort_unstable();
                let mut out: Vec<Edge> = Vec::with_capacity(ways.len());
                for (to, n) in ways {
                    match out.last_mut() {
                        Some(last) if last.to == to => last.several = true,
                        _ => out.push(Edge { to, several: n > 1 }),
                    }
                }
                out
            })
            .collect();
        let mut gaps = builder.gaps;
        gaps.sort_unstable();
        gaps.dedup();
        Some(Self { positions, edges, first, letters, searches: search, gaps })
    }

    /// A letter that leads to both positions and is not refused, the most readable one.
    pub(super) fn common(&self, a: u32, b: u32, refused: &Letters) -> Option<usize> {
        let (a, b) = (&self.positions[a as usize].letters, &self.positions[b as usize].letters);
        lowest(a.iter().zip(b).zip(refused).map(|((a, b), no)| a & b & !no))
    }

    /// A letter that leads to all three positions and is not refused.
    pub(super) fn common3(&self, a: u32, b: u32, c: u32, refused: &Letters) -> Option<usize> {
        let (a, b, c) = (
            &self.positions[a as usize].letters,
            &self.positions[b as usize].letters,
            &self.positions[c as usize].letters,
        );
        lowest(a.iter().zip(b).zip(c).zip(refused).map(|(((a, b), c), no)| a & b & c & !no))
    }
}

/// The index of the lowest bit of a set.
fn lowest(words: impl Iterator<Item = u64>) -> Option<usize> {
    words.enumerate().find(|(_, w)| *w != 0).map(|(i, w)| i * 64 + w.trailing_zeros() as usize)
}

/// One character for each set of characters that no class tells apart, the most readable first.
fn letters_of(sets: &[CharSet]) -> Option<Vec<char>> {
    let mut distinct: Vec<&CharSet> = Vec::new();
    for set in sets {
        if !distinct.contains(&set) {
            distinct.push(set);
        }
    }
    let mut bounds: Vec<u32> = vec![0];
    for set in &distinct {
        for (first, last) in set.ranges() {
            bounds.push(*first);
            bounds.push(last.saturating_add(1));
        }
    }
    bounds.sort_unstable();
    bounds.dedup();
    let mut seen: FxHashSet<Vec<u64>> = FxHashSet::default();
    let mut letters = Vec::new();
    let mut consider = |c: char, letters: &mut Vec<char>| {
        let mut signature = vec![0_u64; distinct.len().div_ceil(64)];
        for (i, set) in distinct.iter().enumerate() {
            if set.contains(c) {
                signature[i / 64] |= 1 << (i % 64);
            }
        }
        if seen.insert(signature) {
            letters.push(c);
        }
    };
    for c in "a0 A-_./:,;=\"'<>\t\n!".chars().chain(' '..='~') {
        consider(c, &mut letters);
    }
    for bound in bounds {
        if let Some(c) = char::from_u32(bound) {
            consider(c, &mut letters);
        }
        if letters.len() > MAX_LETTERS {
            return None;
        }
    }
    (letters.len() <= MAX_LETTERS).then_some(letters)
}

fn collect_groups<'n>(node: &'n Node, out: &mut FxHashMap<u32, &'n Node>) {
    match node {
        Node::Group(number, inner) => {
            if let Some(number) = number {
                out.insert(*number, inner);
            }
            collect_groups(inner, out);
        }
        Node::Concat(items) | Node::Alternate(items) => items.iter().for_each(|n| collect_groups(n, out)),
        Node::Repeat { node, .. } | Node::Look { node, .. } => collect_groups(node, out),
        Node::Atomic(inner) => collect_groups(inner, out),
        Node::Conditional { yes, no, .. } => {
            collect_groups(yes, out);
            collect_groups(no, out);
        }
        Node::Empty | Node::Class(_) | Node::Anchor(_) | Node::BackReference(_) | Node::Unknown => {}
    }
}

/// How many ways there are: anywhere, and only where the text starts. 2 stands for more than one.
#[derive(Clone, Copy, Default)]
struct Ways {
    free: u8,
    start: u8,
}

impl Ways {
    const ONE: Self = Self { free: 1, start: 0 };

    fn plus(self, other: Self) -> Self {
        Self { free: (self.free + other.free).min(2), start: (self.start + other.start).min(2) }
    }

    /// These ways, and then those.
    fn then(self, other: Self) -> Self {
        Self {
            free: (self.free * other.free).min(2),
            start: (self.start * (other.free + other.start) + self.free * other.start).min(2),
        }
    }
}

/// A part of the automaton: the ways into each of its first positions, those out of each last one, and those through it
/// without a character.
#[derive(Clone, Default)]
struct Fragment {
    none: Ways,
    first: Vec<(u32, Ways)>,
    last: Vec<(u32, u8)>,
}

impl Fragment {
    fn empty() -> Self {
        Self { none: Ways::ONE, first: Vec::new(), last: Vec::new() }
    }
}

struct Builder<'n> {
    sets: Vec<CharSet>,
    repeats: Vec<Option<(u32, u32)>>,
    edges: Vec<Vec<(u32, u8)>>,
    edge_count: usize,
    full: bool,
    copies: u32,
    repeat: Option<(u32, u32)>,
    groups: FxHashMap<u32, &'n Node>,
    references: u32,
    gaps: Vec<&'static str>,
}

impl<'n> Builder<'n> {
    fn class(&mut self, set: &CharSet) -> Fragment {
        if set.is_empty() {
            return Fragment::default();
        }
        if self.sets.len() >= MAX_POSITIONS {
            self.full = true;
            return Fragment::empty();
        }
        let p = self.sets.len() as u32;
        self.sets.push(set.clone());
        self.repeats.push(self.repeat);
        self.edges.push(Vec::new());
        Fragment { none: Ways::default(), first: vec![(p, Ways::ONE)], last: vec![(p, 1)] }
    }

    /// Edges from what is last to what is first.
    fn link(&mut self, last: &[(u32, u8)], first: &[(u32, Ways)]) {
        self.edge_count += last.len() * first.len();
        if self.edge_count > MAX_EDGES {
            self.full = true;
            return;
        }
        for (p, out) in last {
            for (q, ways) in first {
                let ways = (out * ways.free).min(2);
                if ways > 0 {
                    self.edges[*p as usize].push((*q, ways));
                }
            }
        }
    }

    fn concat(&mut self, a: Fragment, b: Fragment) -> Fragment {
        self.link(&a.last, &b.first);
        let mut first = a.first;
        for (q, ways) in b.first {
            let ways = a.none.then(ways);
            if ways.free + ways.start > 0 {
                first.push((q, ways));
            }
        }
        let mut last = b.last;
        if b.none.free > 0 {
            last.extend(a.last.iter().map(|(p, n)| (*p, (n * b.none.free).min(2))));
        }
        Fragment { none: a.none.then(b.none), first: merged(first), last: merged_last(last) }
    }

    fn either(a: Fragment, b: Fragment) -> Fragment {
        let first = [a.first, b.first].concat();
        let last = [a.last, b.last].concat();
        Fragment { none: a.none.plus(b.none), first: merged(first), last: merged_last(last) }
    }

    /// A loop around a part that ran at least once. After an iteration that took something, one more that matches
    /// nothing may follow, and then the loop is left.
    fn looped(&mut self, mut a: Fragment, empty: u8) -> Fragment {
        let (last, first) = (a.last.clone(), a.first.clone());
        self.link(&last, &first);
        for (_, n) in &mut a.last {
            *n = (*n * (1 + empty)).min(2);
        }
        a
    }

    fn node(&mut self, node: &'n Node) -> Fragment {
        if self.full {
            return Fragment::empty();
        }
        match node {
            // A back reference reads a text anywhere, whatever its group asked of the place.
            Node::Anchor(Anchor::Start) if self.references == 0 => {
                Fragment { none: Ways { free: 0, start: 1 }, ..Fragment::default() }
            }
            // Looks back have a fixed width, so their cost is one, too.
            Node::Empty | Node::Anchor(_) | Node::Look { ahead: false, .. } => Fragment::empty(),
            Node::Class(set) => self.class(set),
            Node::Concat(items) => {
                let mut whole = Fragment::empty();
                for item in items {
                    let part = self.node(item);
                    whole = self.concat(whole, part);
                }
                whole
            }
            Node::Alternate(branches) => {
                let mut whole = Fragment::default();
                for branch in branches {
                    let part = self.node(branch);
                    whole = Self::either(whole, part);
                }
                whole
            }
            Node::Group(_, inner) | Node::Atomic(inner) => self.node(inner),
            Node::Conditional { yes, no, .. } => {
                let (yes, no) = (self.node(yes), self.node(no));
                Self::either(yes, no)
            }
            Node::Look { node, ahead: true, .. } => {
                let body = self.node(node);
                Fragment { none: Ways::ONE, first: body.first, last: Vec::new() }
            }
            Node::BackReference(group) => {
                self.gaps.push("a back reference, taken for what its group may match");
                let Some(inner) = self.groups.get(group).copied() else { return Fragment::empty() };
                if self.references >= MAX_REFERENCES {
                    return Fragment::empty();
                }
                self.references += 1;
                let part = self.node(inner);
                self.references -= 1;
                part
            }
            Node::Unknown => {
                self.gaps.push("an unknown extension");
                Fragment::empty()
            }
            Node::Repeat { node, min, max, taking, span } => {
                let outer = self.repeat;
                if max.is_none() && outer.is_none() {
                    self.repeat = Some(*span);
                }
                let part = self.repeated(node, *min, *max, *taking);
                self.repeat = outer;
                part
            }
        }
    }

    fn repeated(&mut self, node: &'n Node, min: u32, max: Option<u32>, taking: Taking) -> Fragment {
        if max == Some(0) {
            return Fragment::empty();
        }
        if min > self.copies || max.is_some_and(|max| max > self.copies) {
            self.gaps.push("a repetition with high counts, cut short");
        }
        let min = min.min(self.copies);
        let mut whole = Fragment::empty();
        for _ in 0..min.saturating_sub(u32::from(max.is_none())) {
            let part = self.node(node);
            whole = self.concat(whole, part);
            if self.full {
                return whole;
            }
        }
        let Some(max) = max else {
            let part = self.node(node);
            let empty = u8::from(part.none.free > 0 && taking != Taking::Possessive);
            let mut part = self.looped(part, empty);
            if min == 0 {
                part.none = part.none.plus(Ways::ONE);
            }
            return self.concat(whole, part);
        };
        // What is optional is nested, `(a(a)?)?`, so that no two ways take the same number.
        let optional = max.min(self.copies).saturating_sub(min);
        let mut parts = Vec::new();
        for _ in 0..optional {
            parts.push(self.node(node));
            if self.full {
                return whole;
            }
        }
        let mut tail = Fragment::empty();
        for part in parts.into_iter().rev() {
            tail = self.concat(part, tail);
            tail.none = tail.none.plus(Ways::ONE);
        }
        self.concat(whole, tail)
    }
}

fn merged(mut first: Vec<(u32, Ways)>) -> Vec<(u32, Ways)> {
    first.sort_by_key(|(p, _)| *p);
    first.dedup_by(|b, a| {
        let same = a.0 == b.0;
        if same {
            a.1 = a.1.plus(b.1);
        }
        same
    });
    first
}

fn merged_last(mut last: Vec<(u32, u8)>) -> Vec<(u32, u8)> {
    last.sort_unstable();
    last.dedup_by(|b, a| {
        let same = a.0 == b.0;
        if same {
            a.1 = (a.1 + b.1).min(2);
        }
        same
    });
    last
}
