//! The texts that a match accepts, as an automaton over positions after Glushkov.
//!
//! A *position* is one occurrence of a character class in the expression. A text is accepted when its
//! characters can be laid on a chain of positions from a first to a last one, each following the
//! one before.

use super::{Anchor, CharSet, Node, Regex};
use crate::guards::MatchMethod;

/// Positions of an automaton; an expression that needs more accepts any text as far as is known.
const MAX_POSITIONS: usize = 1500;
/// Copies of a counted repetition; one with more is taken to be unbounded.
const MAX_COPIES: u32 = 64;

/// How far an expression reaches to the end of the text it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Anything may follow.
    Open,
    /// A newline may follow.
    Newline,
    /// Nothing follows.
    Closed,
}

/// The whole texts for which a match succeeds. Never smaller than the truth.
#[derive(Clone, Debug)]
pub struct Language {
    classes: Vec<CharSet>,
    first: Vec<u32>,
    last: Vec<bool>,
    follow: Vec<Vec<u32>>,
    nullable: bool,
    /// Texts that a look-ahead at the start rules out anywhere.
    excluded: Vec<String>,
    /// Whether anything may precede what the expression matches.
    pub open_start: bool,
    /// What may follow what the expression matches.
    pub end: End,
}

impl Language {
    /// The language of an expression, matched in one way.
    pub fn new(regex: &Regex, method: MatchMethod) -> Self {
        let open_start = method == MatchMethod::Search && !is_anchored_at_start(&regex.root);
        let end = if method == MatchMethod::FullMatch { End::Closed } else { end_of(&regex.root) };
        let mut builder = Builder { classes: Vec::new(), follow: Vec::new(), full: false };
        let mut whole = Fragment::empty();
        if open_start {
            let any = builder.any_text();
            whole = builder.concat(whole, any);
        }
        let core = builder.node(&regex.root);
        let one_line = !builder.classes.iter().any(|c| c.contains('\n'));
        whole = builder.concat(whole, core);
        let tail = match end {
            End::Open => builder.any_text(),
            End::Newline => {
                let newline = builder.class(CharSet::one('\n'));
                builder.optional(newline)
            }
            End::Closed => Fragment::empty(),
        };
        whole = builder.concat(whole, tail);
        if builder.full {
            return Self::anything();
        }
        let mut excluded = Vec::new();
        if !open_start {
            leading_exclusions(&regex.root, one_line, &mut excluded);
        }
        let mut last = vec![false; builder.classes.len()];
        for p in whole.last {
            last[p as usize] = true;
        }
        for follow in &mut builder.follow {
            follow.sort_unstable();
            follow.dedup();
        }
        Self {
            classes: builder.classes,
            first: whole.first,
            last,
            follow: builder.follow,
            nullable: whole.nullable,
            excluded,
            open_start,
            end,
        }
    }

    /// The characters of each position.
    pub(super) fn classes(&self) -> &[CharSet] {
        &self.classes
    }

    /// The positions that a text can start with.
    pub(super) fn first(&self) -> &[u32] {
        &self.first
    }

    /// Whether a text can end on a position.
    pub(super) fn last(&self) -> &[bool] {
        &self.last
    }

    /// The positions that can follow on each.
    pub(super) fn follow(&self) -> &[Vec<u32>] {
        &self.follow
    }

    /// All texts.
    pub fn anything() -> Self {
        Self {
            classes: vec![CharSet::any()],
            first: vec![0],
            last: vec![true],
            follow: vec![vec![0]],
            nullable: true,
            excluded: Vec::new(),
            open_start: true,
            end: End::Open,
        }
    }

    /// Takes away the newline that `$` lets follow.
    pub(crate) fn close(&mut self) {
        if self.end == End::Newline {
            // The newline's position was added last.
            if let Some(class) = self.classes.last_mut() {
                *class = CharSet::empty();
            }
            self.end = End::Closed;
        }
    }

    fn is_excluded(&self, text: &str) -> bool {
        self.excluded.iter().any(|e| text.contains(e.as_str()))
    }

    /// The positions that `text` can end on, starting at one of `from`.
    fn run(&self, from: impl Iterator<Item = u32>, text: &str) -> Vec<u32> {
        let mut at: Vec<u32> = from.collect();
        let mut seen = vec![u32::MAX; self.classes.len()];
        let count = text.chars().count();
        for (step, c) in text.chars().enumerate() {
            at.retain(|&p| self.classes[p as usize].contains(c));
            if step + 1 == count {
                break;
            }
            let mut next = Vec::new();
            for &p in &at {
                for &q in &self.follow[p as usize] {
                    if std::mem::replace(&mut seen[q as usize], step as u32) != step as u32 {
                        next.push(q);
                    }
                }
            }
            at = next;
        }
        at
    }

    /// Whether the whole text may be accepted.
    pub fn accepts(&self, text: &str) -> bool {
        if self.is_excluded(text) {
            return false;
        }
        if text.is_empty() {
            return self.nullable;
        }
        self.run(self.first.iter().copied(), text).iter().any(|&p| self.last[p as usize])
    }

    /// Whether a text with this character may be accepted.
    pub fn admits_char(&self, c: char) -> bool {
        !self.is_excluded(c.encode_utf8(&mut [0; 4])) && self.classes.iter().any(|s| s.contains(c))
    }

    /// Whether a text that contains this one may be accepted.
    pub fn admits_part(&self, text: &str) -> bool {
        if self.is_excluded(text) {
            return false;
        }
        text.is_empty() || !self.run(0..self.classes.len() as u32, text).is_empty()
    }

    /// Whether a text that starts with this one may be accepted.
    pub fn admits_prefix(&self, text: &str) -> bool {
        if self.is_excluded(text) {
            return false;
        }
        text.is_empty() || !self.run(self.first.iter().copied(), text).is_empty()
    }
}

struct Fragment {
    nullable: bool,
    first: Vec<u32>,
    last: Vec<u32>,
}

impl Fragment {
    fn empty() -> Self {
        Self { nullable: true, first: Vec::new(), last: Vec::new() }
    }
}

struct Builder {
    classes: Vec<CharSet>,
    follow: Vec<Vec<u32>>,
    full: bool,
}

impl Builder {
    fn class(&mut self, set: CharSet) -> Fragment {
        if set.is_empty() {
            return Fragment { nullable: false, first: Vec::new(), last: Vec::new() };
        }
        if self.classes.len() >= MAX_POSITIONS {
            self.full = true;
            return Fragment::empty();
        }
        let p = self.classes.len() as u32;
        self.classes.push(set);
        self.follow.push(Vec::new());
        Fragment { nullable: false, first: vec![p], last: vec![p] }
    }

    fn any_text(&mut self) -> Fragment {
        let any = self.class(CharSet::any());
        let looped = self.looped(any);
        self.optional(looped)
    }

    fn link(&mut self, last: &[u32], first: &[u32]) {
        for &p in last {
            self.follow[p as usize].extend_from_slice(first);
        }
    }

    fn concat(&mut self, a: Fragment, b: Fragment) -> Fragment {
        self.link(&a.last, &b.first);
        let mut first = a.first;
        if a.nullable {
            first.extend_from_slice(&b.first);
        }
        let mut last = b.last;
        if b.nullable {
            last.extend_from_slice(&a.last);
        }
        Fragment { nullable: a.nullable && b.nullable, first, last }
    }

    #[expect(clippy::unused_self, reason = "reads like its siblings")]
    fn optional(&mut self, mut a: Fragment) -> Fragment {
        a.nullable = true;
        a
    }

    fn looped(&mut self, a: Fragment) -> Fragment {
        let (last, first) = (a.last.clone(), a.first.clone());
        self.link(&last, &first);
        a
    }

    fn node(&mut self, node: &Node) -> Fragment {
        if self.full {
            return Fragment::empty();
        }
        match node {
            Node::Empty | Node::Anchor(_) | Node::Look { .. } => Fragment::empty(),
            Node::Class(set) => self.class(set.clone()),
            Node::Concat(items) => {
                let mut whole = Fragment::empty();
                for item in items {
                    let part = self.node(item);
                    whole = self.concat(whole, part);
                }
                whole
            }
            Node::Alternate(branches) => {
                let mut whole = Fragment { nullable: false, first: Vec::new(), last: Vec::new() };
                for branch in branches {
                    let part = self.node(branch);
                    whole.nullable |= part.nullable;
                    whole.first.extend(part.first);
                    whole.last.extend(part.last);
                }
                whole
            }
            Node::Group(_, inner) | Node::Atomic(inner) => self.node(inner),
            Node::Conditional { yes, no, .. } => {
                let (yes, no) = (self.node(yes), self.node(no));
                Fragment {
                    nullable: yes.nullable || no.nullable,
                    first: [yes.first, no.first].concat(),
                    last: [yes.last, no.last].concat(),
                }
            }
            Node::BackReference(_) | Node::Unknown => self.any_text(),
            Node::Repeat { node, min, max, .. } => self.repeat(node, *min, *max),
        }
    }

    fn repeat(&mut self, node: &Node, min: u32, max: Option<u32>) -> Fragment {
        if max == Some(0) {
            return Fragment::empty();
        }
        let (copies, bounded) = match max {
            Some(max) if max <= MAX_COPIES => (max, true),
            _ => (min.clamp(1, MAX_COPIES), false),
        };
        let mut whole = Fragment::empty();
        for i in 0..copies {
            if self.full {
                break;
            }
            let mut part = self.node(node);
            if !bounded && i + 1 == copies {
                part = self.looped(part);
            }
            if i >= min {
                part = self.optional(part);
            }
            whole = self.concat(whole, part);
        }
        whole
    }
}

/// Whether a node matches nothing but the empty text.
fn is_zero_width(node: &Node) -> bool {
    match node {
        Node::Empty | Node::Anchor(_) | Node::Look { .. } => true,
        Node::Group(_, inner) => is_zero_width(inner),
        Node::Concat(items) => items.iter().all(is_zero_width),
        _ => false,
    }
}

fn is_anchored_at_start(node: &Node) -> bool {
    match node {
        Node::Anchor(Anchor::Start) => true,
        Node::Group(_, inner) => is_anchored_at_start(inner),
        Node::Repeat { node, min, .. } => *min > 0 && is_anchored_at_start(node),
        Node::Alternate(branches) => branches.iter().all(is_anchored_at_start),
        Node::Concat(items) => {
            for item in items {
                if is_anchored_at_start(item) {
                    return true;
                }
                if !is_zero_width(item) {
                    return false;
                }
            }
            false
        }
        _ => false,
    }
}

fn end_of(node: &Node) -> End {
    match node {
        Node::Anchor(Anchor::End) => End::Closed,
        Node::Anchor(Anchor::Dollar) => End::Newline,
        Node::Group(_, inner) => end_of(inner),
        Node::Repeat { node, min, .. } if *min > 0 => end_of(node),
        Node::Alternate(branches) => branches.iter().map(end_of).min().unwrap_or(End::Open),
        Node::Concat(items) => {
            for item in items.iter().rev() {
                let end = end_of(item);
                if end != End::Open {
                    return end;
                }
                if !is_zero_width(item) {
                    return End::Open;
                }
            }
            End::Open
        }
        _ => End::Open,
    }
}

/// The literal texts of `(?!.*text)` at the start of an expression. With `one_line` the rest of it admits
/// no newline, which a dot would stop at.
fn leading_exclusions(node: &Node, one_line: bool, out: &mut Vec<String>) {
    let items = match node {
        Node::Concat(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    for item in items {
        match item {
            Node::Anchor(Anchor::Start) => {}
            Node::Look { node, ahead: true, negative: true } => {
                if let Node::Concat(parts) = &**node
                    && let Some((Node::Repeat { node: skipped, min: 0, max: None, .. }, rest)) = parts.split_first()
                    && matches!(&**skipped, Node::Class(set)
                        if *set == CharSet::any() || one_line && set.complement().single() == Some('\n'))
                    && let Some(text) = literal(rest)
                {
                    out.push(text);
                }
            }
            Node::Group(_, inner) if items.len() == 1 => leading_exclusions(inner, one_line, out),
            _ => return,
        }
    }
}

/// The text that a sequence of nodes spells, when each is one character.
pub(crate) fn literal(nodes: &[Node]) -> Option<String> {
    let mut out = String::new();
    for node in nodes {
        match node {
            Node::Class(set) => out.push(set.single()?),
            Node::Concat(items) => out.push_str(&literal(items)?),
            Node::Group(_, inner) => out.push_str(&literal(std::slice::from_ref(inner))?),
            Node::Empty => {}
            _ => return None,
        }
    }
    Some(out)
}

/// The parts of an expression in a row, without groups around them; for looking at its literal head.
pub(crate) fn flatten<'a>(node: &'a Node, out: &mut Vec<&'a Node>) {
    match node {
        Node::Concat(items) => items.iter().for_each(|n| flatten(n, out)),
        Node::Group(_, inner) => flatten(inner, out),
        other => out.push(other),
    }
}
