//! Matching by trying, for texts that are claimed to match: a claim about an expression is replayed here before
//! anybody is told.

use super::machine::holds;
use super::{Node, Regex, Taking};
use crate::guards::MatchMethod;

/// Steps after which a match is given up.
const MAX_STEPS: u32 = 20_000;
/// Nesting of an expression that is followed.
const MAX_DEPTH: u32 = 200;

impl Regex {
    /// Whether a match of a text succeeds; `None` where the expression holds something that is not understood, or
    /// trying takes too long.
    pub fn matches(&self, method: MatchMethod, text: &str) -> Option<bool> {
        let text: Vec<char> = text.chars().collect();
        let mut matcher = Matcher { text: &text, steps: MAX_STEPS };
        match method {
            MatchMethod::Match => Some(!matcher.ends(&self.root, 0, MAX_DEPTH)?.is_empty()),
            MatchMethod::FullMatch => Some(matcher.ends(&self.root, 0, MAX_DEPTH)?.contains(&text.len())),
            MatchMethod::Search => {
                for at in 0..=text.len() {
                    if !matcher.ends(&self.root, at, MAX_DEPTH)?.is_empty() {
                        return Some(true);
                    }
                }
                Some(false)
            }
        }
    }
}

struct Matcher<'t> {
    text: &'t [char],
    steps: u32,
}

impl Matcher<'_> {
    /// The places where the node can end when it starts at `at`, in order.
    fn ends(&mut self, node: &Node, at: usize, depth: u32) -> Option<Vec<usize>> {
        if self.steps == 0 || depth == 0 {
            return None;
        }
        self.steps -= 1;
        let mut out =
            match node {
                Node::Empty => vec![at],
                Node::Class(set) => {
                    self.text.get(at).filter(|c| set.contains(**c)).map(|_| at + 1).into_iter().collect()
                }
                Node::Anchor(anchor) => {
                    if holds(self.text, *anchor, at) {
                        vec![at]
                    } else {
                        Vec::new()
                    }
                }
                Node::Concat(items) => {
                    let mut now = vec![at];
                    for item in items {
                        now = self.all(item, &now, depth)?;
                    }
                    now
                }
                Node::Alternate(branches) => {
                    let mut all = Vec::new();
                    for branch in branches {
                        all.extend(self.ends(branch, at, depth - 1)?);
                    }
                    all
                }
                Node::Group(_, inner) => self.ends(inner, at, depth - 1)?,
                Node::Repeat { node, min, max, taking: Taking::Greedy | Taking::Lazy, .. } => {
                    let mut all = Vec::new();
                    let mut now = vec![at];
                    // More rounds than characters repeat the empty text only.
                    let rounds = max.unwrap_or(u32::MAX).min(self.text.len() as u32 + min + 1);
                    for round in 0..=rounds {
                        if round >= *min {
                            all.extend(&now);
                        }
                        if round < rounds {
                            now = self.all(node, &now, depth)?;
                        }
                        if now.is_empty() {
                            break;
                        }
                    }
                    all
                }
                Node::Look { node, ahead: true, negative } => {
                    if self.ends(node, at, depth - 1)?.is_empty() == *negative { vec![at] } else { Vec::new() }
                }
                Node::Look { .. }
                | Node::Atomic(_)
                | Node::Conditional { .. }
                | Node::Repeat { taking: Taking::Possessive, .. }
                | Node::BackReference(_)
                | Node::Unknown => return None,
            };
        out.sort_unstable();
        out.dedup();
        Some(out)
    }

    fn all(&mut self, node: &Node, from: &[usize], depth: u32) -> Option<Vec<usize>> {
        let mut out = Vec::new();
        for &at in from {
            out.extend(self.ends(node, at, depth - 1)?);
        }
        out.sort_unstable();
        out.dedup();
        Some(out)
    }
}
