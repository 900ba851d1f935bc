//! What holds between the parts that judge the work of an expression, for small expressions at random.

use super::automaton::Automaton;
use super::tests::{method, pattern};
use super::{Flags, Growth, Language, Run, cost, parse, parse_certain};
use crate::guards::MatchMethod;
use proptest::prelude::*;

const BUDGET: u64 = 100_000;

/// The same expression for the crate `regex`, which writes the end of the text otherwise.
fn translated(pattern: &str, method: MatchMethod) -> Option<regex::Regex> {
    let core = pattern.replace("\\Z", "\\z");
    let whole = match method {
        MatchMethod::Match => format!("\\A(?:{core})"),
        MatchMethod::Search => core,
        MatchMethod::FullMatch => format!("\\A(?:{core})\\z"),
    };
    regex::Regex::new(&whole).ok()
}

/// Expressions that use what only matchers that go back have.
fn backtracking() -> impl Strategy<Value = String> {
    (pattern(), pattern(), 0..9_u8).prop_map(|(a, b, form)| match form {
        0 => format!("(?>{a}){b}"),
        1 => format!("(?:{a})*+{b}"),
        2 => format!("(?:{a})*?{b}"),
        3 => format!("(?={a}){b}"),
        4 => format!("(?!{a}){b}"),
        5 => format!("({a})?(?(1){b}|a)"),
        6 => format!("({a}){b}\\1"),
        7 => format!("(?<=a){a}(?<!-){b}"),
        _ => format!("(?:(?:{a})+,?)*{b}"),
    })
}

/// The place in what an expression matches from a text's start that its automaton does not read.
fn unread(pattern: &str, text: &str) -> Option<usize> {
    let regex = parse_certain(pattern, Flags::NONE).ok()?;
    let automaton = Automaton::new(&regex, false)?;
    let (0, end) = regex.replay(Run::Match, text, BUDGET)?.found? else { return None };
    let mut states: Vec<u32> = Vec::new();
    for (i, c) in text.chars().take(end).enumerate() {
        let next: Vec<u32> = if i == 0 {
            automaton.first.iter().map(|e| e.to).collect()
        } else {
            states.iter().flat_map(|p| automaton.edges[*p as usize].iter().map(|e| e.to)).collect()
        };
        // A letter stands for the characters that the same positions read.
        states = next.into_iter().filter(|p| reads(&automaton, *p, c, &regex)).collect();
        states.sort_unstable();
        states.dedup();
        if states.is_empty() {
            return Some(i);
        }
    }
    None
}

#[test]
fn a_back_reference_reads_its_text_anywhere() {
    assert_eq!(unread(r"(^[^a])(?:[^a]){1,2}\1", "'-''"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_machine_finds_what_another_matcher_finds(
        pattern in pattern(), method in method(), text in "[ab' -]{0,8}",
    ) {
        let Some(other) = translated(&pattern, method) else { return Ok(()) };
        let regex = parse(&pattern, Flags::NONE).expect("the pattern is valid");
        let Some(outcome) = regex.replay(method.into(), &text, BUDGET) else { return Ok(()) };
        if outcome.finished {
            prop_assert_eq!(outcome.found.is_some(), other.is_match(&text), "{} {:?} {:?}", pattern, method, text);
            if let (Some((start, _)), Some(found)) = (outcome.found, other.find(&text)) {
                prop_assert_eq!(start, found.start(), "{} {:?} {:?}", pattern, method, text);
            }
        }
    }

    #[test]
    fn a_language_holds_what_the_machine_matches(pattern in backtracking(), method in method(), text in "[ab'\n-]{0,6}") {
        let Ok(regex) = parse(&pattern, Flags::NONE) else { return Ok(()) };
        if regex.replay(method.into(), &text, BUDGET).is_some_and(|o| o.found.is_some()) {
            prop_assert!(Language::new(&regex, method).accepts(&text), "{} {:?} {:?}", pattern, method, text);
        }
    }

    #[test]
    fn an_automaton_reads_what_the_machine_matches(pattern in backtracking(), text in "[ab'\n-]{0,6}") {
        prop_assert_eq!(unread(&pattern, &text), None, "{} {:?}", pattern, text);
    }

    #[test]
    fn judging_any_text_ends(text in any::<String>(), punctuation in "[(){}\\[\\]|*+?^$.\\\\a-cPN<>=!:,0-9#-]{0,32}") {
        for pattern in [text, punctuation] {
            for how in [Run::Match, Run::Search] {
                let _ = cost(&pattern, Flags::NONE, how);
            }
        }
    }
}

proptest! {
    // Each of these runs an expression for millions of steps.
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn growth_is_what_a_replay_shows(pattern in backtracking(), how in 0..4_usize) {
        let how = [Run::Match, Run::FullMatch, Run::Search, Run::All][how];
        let Ok(found) = cost(&pattern, Flags::NONE, how) else { return Ok(()) };
        prop_assert_eq!(cost(&pattern, Flags::NONE, how), Ok(found.clone()));
        let Some(slow) = found.slow else { return Ok(()) };
        let regex = parse_certain(&pattern, Flags::NONE).expect("it was parsed before");
        for (n, steps) in &slow.steps {
            let outcome = regex.replay(how, &slow.attack.text(*n), u64::MAX).expect("it was run before");
            prop_assert_eq!(outcome.steps, *steps);
        }
        let [.., (n, a), (m, b)] = slow.steps[..] else { return Ok(()) };
        prop_assert!(slow.steps.len() > 1 && m > n && b > a);
        if slow.growth == Growth::Exponential {
            prop_assert!(b * 4 >= a * 7);
        }
    }
}

/// Whether a position reads a character: that of its letter, or one that no class of the expression tells from it.
fn reads(automaton: &Automaton, position: u32, c: char, regex: &super::Regex) -> bool {
    fn sets(node: &super::Node, out: &mut Vec<super::CharSet>) {
        use super::Node;
        match node {
            Node::Class(set) => out.push(set.clone()),
            Node::Concat(items) | Node::Alternate(items) => items.iter().for_each(|n| sets(n, out)),
            Node::Repeat { node, .. } | Node::Look { node, .. } => sets(node, out),
            Node::Group(_, inner) | Node::Atomic(inner) => sets(inner, out),
            Node::Conditional { yes, no, .. } => {
                sets(yes, out);
                sets(no, out);
            }
            Node::Empty | Node::Anchor(_) | Node::BackReference(_) | Node::Unknown => {}
        }
    }
    let mut all = Vec::new();
    sets(&regex.root, &mut all);
    let same = |l: char| all.iter().all(|set| set.contains(l) == set.contains(c));
    automaton
        .letters
        .iter()
        .position(|l| same(*l))
        .is_some_and(|i| automaton.positions[position as usize].letters[i / 64] & (1 << (i % 64)) != 0)
}
