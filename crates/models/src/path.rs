//! The steps of an access path, as text.

use crate::argument::{ArgumentSpec, is_name};
use crate::error::{Problem, unknown};
use crate::facts::{PathStep, Port, PortRoot};

/// One step; a step with several names stands for several steps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Members(Vec<String>),
    AnyMember,
    Return,
    Instance,
    Subclass,
    Argument(ArgumentSpec),
    Parameter(ArgumentSpec),
    Element,
    Keys(Vec<String>),
    Indexes(Vec<i64>),
    Awaited,
    MapKey,
    KeyedBy(ArgumentSpec),
}

const STEPS: [&str; 15] = [
    "Member",
    "ReturnValue",
    "Instance",
    "Subclass",
    "Argument",
    "Parameter",
    "Element",
    "ListElement",
    "SetElement",
    "DictionaryElementAny",
    "DictionaryElement",
    "TupleElement",
    "Awaited",
    "MapKey",
    "KeyedBy",
];

/// Cuts a path at the dots outside of brackets; each part comes with its offset.
fn split(text: &str) -> Result<Vec<(usize, &str)>, Problem> {
    let mut parts = Vec::new();
    if text.is_empty() {
        return Ok(parts);
    }
    let (mut start, mut open) = (0, None);
    for (i, c) in text.char_indices() {
        match (c, open) {
            ('[', None) => open = Some(i),
            ('[', Some(_)) => return Err(Problem::new(i, "a `[` inside of brackets")),
            (']', None) => return Err(Problem::new(i, "a `]` without its `[`")),
            (']', Some(_)) => open = None,
            ('.', None) => {
                parts.push((start, &text[start..i]));
                start = i + 1;
            }
            _ => {}
        }
    }
    if let Some(i) = open {
        return Err(Problem::new(i, "a `[` without its `]`"));
    }
    parts.push((start, &text[start..]));
    Ok(parts)
}

fn list<T>(inside: &str, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Problem> {
    let mut offset = 0;
    let mut items = Vec::new();
    for part in inside.split(',') {
        match read(part.trim()) {
            Some(item) => items.push(item),
            None => return Err(Problem::new(offset, format!("`{}` is no {what}", part.trim()))),
        }
        offset += part.len() + 1;
    }
    Ok(items)
}

fn parse_step(text: &str) -> Result<Step, Problem> {
    let (name, inside) = match text.split_once('[') {
        None => (text, None),
        Some((name, rest)) => match rest.strip_suffix(']') {
            Some(inside) => (name, Some(inside)),
            None => {
                return Err(Problem::new(
                    name.len(),
                    format!("text after the `]` of `{text}`: put a dot between steps"),
                ));
            }
        },
    };
    let start = name.len() + 1;
    let needed = || inside.ok_or_else(|| Problem::new(0, format!("`{name}` needs brackets: `{name}[…]`")));
    let plain = |step: Step| match inside {
        None => Ok(step),
        Some(_) => Err(Problem::new(name.len(), format!("`{name}` takes no brackets"))),
    };
    match name {
        "Member" => match needed()?.trim() {
            "*" => Ok(Step::AnyMember),
            names => list(names, "name of an attribute", |n| is_name(n).then(|| n.to_owned()))
                .map(Step::Members)
                .map_err(|p| p.shifted(start)),
        },
        "ReturnValue" => plain(Step::Return),
        "Instance" => plain(Step::Instance),
        "Subclass" => plain(Step::Subclass),
        "Argument" | "Parameter" => {
            let spec = ArgumentSpec::parse(needed()?).map_err(|p| p.shifted(start))?;
            Ok(match name {
                "Argument" => Step::Argument(spec),
                _ => Step::Parameter(spec),
            })
        }
        "Element" | "ListElement" | "SetElement" | "DictionaryElementAny" => plain(Step::Element),
        "DictionaryElement" => list(needed()?, "key", |k| (!k.is_empty()).then(|| k.to_owned()))
            .map(Step::Keys)
            .map_err(|p| p.shifted(start)),
        "TupleElement" => {
            list(needed()?, "index", |i| i.parse::<i64>().ok()).map(Step::Indexes).map_err(|p| p.shifted(start))
        }
        "Awaited" => plain(Step::Awaited),
        "MapKey" => plain(Step::MapKey),
        "KeyedBy" => ArgumentSpec::parse(needed()?).map(Step::KeyedBy).map_err(|p| p.shifted(start)),
        _ => Err(Problem::new(0, unknown("step", name, STEPS))),
    }
}

/// Reads an access path.
pub(crate) fn parse_path(text: &str) -> Result<Vec<Step>, Problem> {
    let step = |(offset, part)| match parse_step(part) {
        Ok(Step::MapKey) => Err(Problem::new(offset, "`MapKey` stands in the input of a flow only")),
        Ok(Step::KeyedBy(_)) => Err(Problem::new(offset, "`KeyedBy` stands in the input or output of a flow only")),
        step => step.map_err(|p| p.shifted(offset)),
    };
    split(text)?.into_iter().map(step).collect()
}

/// Reads the input or output of a flow.
pub(crate) fn parse_port(text: &str) -> Result<Port, Problem> {
    let mut parts = split(text)?.into_iter();
    let Some((_, first)) = parts.next() else {
        return Err(Problem::new(0, "an input or output is missing: write `Argument[0]` or `ReturnValue`"));
    };
    let first_step = parse_step(first)?;
    if matches!(&first_step, Step::Argument(spec) if spec.receiver && *spec != ArgumentSpec::receiver()) {
        return Err(Problem::new(0, "`self` stands alone: write one row for it and one for the arguments"));
    }
    let root = port_root(first_step).ok_or_else(|| {
        Problem::new(0, format!("`{first}` can't start an input or output: use `Argument[…]` or `ReturnValue`"))
    })?;
    let mut path = Vec::new();
    for (offset, part) in parts {
        let at = |message: String| Problem::new(offset, message);
        path.push(match parse_step(part).map_err(|p| p.shifted(offset))? {
            Step::Element => PathStep::Element,
            Step::Awaited => PathStep::Awaited,
            Step::MapKey => PathStep::MapKey,
            Step::KeyedBy(spec) => PathStep::KeyedBy(spec),
            Step::Return => PathStep::ReturnValue,
            Step::Parameter(spec) => PathStep::Parameter(spec),
            Step::Keys(mut names) if names.len() == 1 => PathStep::Key(names.remove(0)),
            Step::Indexes(indexes) if indexes.len() == 1 => PathStep::Index(indexes[0]),
            Step::Members(mut names) if names.len() == 1 => PathStep::Member(names.remove(0)),
            Step::Keys(_) | Step::Indexes(_) | Step::Members(_) => {
                return Err(at(format!("`{part}` names several parts: write one row for each")));
            }
            _ => return Err(at(format!("`{part}` can't stand in an input or output"))),
        });
    }
    Ok(Port { root, path })
}

/// The port that a single `Argument[…]` or `ReturnValue` step is.
pub(crate) fn port_root(step: Step) -> Option<PortRoot> {
    match step {
        Step::Return => Some(PortRoot::ReturnValue),
        Step::Argument(spec) if spec == ArgumentSpec::receiver() => Some(PortRoot::Receiver),
        Step::Argument(spec) => Some(PortRoot::Argument(spec)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read() {
        assert_eq!(parse_path(""), Ok(vec![]));
        assert_eq!(
            parse_path("Member[get, post].Argument[0, url:].DictionaryElement[a.b].TupleElement[-1]"),
            Ok(vec![
                Step::Members(vec!["get".into(), "post".into()]),
                Step::Argument(ArgumentSpec::parse("0,url:").unwrap()),
                Step::Keys(vec!["a.b".into()]),
                Step::Indexes(vec![-1]),
            ])
        );
        assert_eq!(parse_path("Member[*]"), Ok(vec![Step::AnyMember]));
        for same in ["Element", "ListElement", "SetElement", "DictionaryElementAny"] {
            assert_eq!(parse_path(same), Ok(vec![Step::Element]));
        }
    }

    #[test]
    fn ports_are_read() {
        assert_eq!(parse_port("Argument[self]").unwrap().root, PortRoot::Receiver);
        let port = parse_port("Argument[0].Parameter[1].Member[x]").unwrap();
        assert_eq!(port.path, [PathStep::Parameter(ArgumentSpec::parse("1").unwrap()), PathStep::Member("x".into())]);
        assert!(parse_port("Argument[self,0]").is_err());
        assert!(parse_port("Member[x]").is_err());
        assert!(parse_port("ReturnValue.Member[a,b]").is_err());
        assert!(parse_port("ReturnValue.Subclass").is_err());
        assert!(parse_port("").is_err());
    }

    #[test]
    fn mistakes_are_placed_and_explained() {
        for (text, offset, part) in [
            ("Membr[x]", 0, "did you mean `Member`"),
            ("Member[x].Retrun", 10, "use one of"),
            ("Member[x].ReturnValu", 10, "did you mean `ReturnValue`"),
            ("Member", 0, "needs brackets"),
            ("Instance[0]", 8, "takes no brackets"),
            ("Member[x", 6, "without its `]`"),
            ("Member]x", 6, "without its `[`"),
            ("Member[x]y", 6, "after the `]`"),
            ("Member[[x]]", 7, "inside of brackets"),
            ("Member[a,]", 9, "no name"),
            ("Member[a].Argument[x]", 19, "means no argument"),
            ("TupleElement[x]", 13, "no index"),
            ("Member[a]..ReturnValue", 10, "unknown step"),
        ] {
            let problem = parse_path(text).unwrap_err();
            assert_eq!(problem.offset, offset, "{text}: {}", problem.message);
            assert!(problem.message.contains(part), "{text}: {}", problem.message);
        }
    }
}
