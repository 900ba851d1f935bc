//! The attack surface: every entry point of a review, filtered.

use crate::Options;
use crate::escape::{self, JsonLines};
use crate::json::{Location, Tool};
use crate::layout::{self, count};
use crate::ledger::{one_of, path_matches};
use crate::style::{Paint, Style};
use assay_finding::{Channel, EffectKind, EntryEffect, EntryGuard, EntryInput, EntryPoint, Place, Review};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// The name and version of the schema.
const SCHEMA: &str = "assay-surface/1";
/// Columns before the text of an entry point's particulars.
const INDENT: usize = 8;
/// Inputs, guards and effects of one kind that text names one by one.
const MAX_NAMED: usize = 12;

/// A format of the attack surface.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SurfaceFormat {
    /// For people.
    Text,
    /// For programs: `docs/json.md`.
    Json,
}

impl SurfaceFormat {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Text, Self::Json];

    /// The word that the command line uses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    /// The format with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }
}

/// Which entry points are shown: those that match one entry of every list that is not empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SurfaceFilter {
    /// By what they are called.
    pub channels: Vec<Channel>,
    /// Methods of HTTP, in capitals. An entry point without methods answers any.
    pub methods: Vec<String>,
    /// Routes, or patterns in which `*` stands for any characters and `?` for one.
    pub routes: Vec<String>,
    /// Files, folders, or patterns like those of a ledger.
    pub paths: Vec<String>,
    /// Effects, one of which is reached.
    pub effects: Vec<EffectKind>,
    /// Only those without a guard.
    pub unguarded: bool,
    /// Those in test code, too.
    pub tests: bool,
}

impl SurfaceFilter {
    fn admits(&self, review: &Review, entry: &EntryPoint) -> bool {
        (self.tests || !entry.in_test)
            && one_of(&self.channels, |channel| *channel == entry.channel)
            && one_of(&self.methods, |method| entry.methods.is_empty() || entry.methods.contains(method))
            && one_of(&self.routes, |route| entry.path.as_deref().is_some_and(|path| path_matches(route, path)))
            && one_of(&self.paths, |pattern| path_matches(pattern, &review.files.get(entry.place.file).path))
            && one_of(&self.effects, |kind| entry.effects.iter().any(|effect| effect.kind == *kind))
            && (!self.unguarded || entry.guards.is_empty())
    }
}

/// How many entry points there are outside of tests by channel, and how many of them have a guard.
pub(crate) fn counts(review: &Review) -> Vec<(Channel, usize, usize)> {
    let mut counts: BTreeMap<Channel, (usize, usize)> = BTreeMap::new();
    for entry in review.surface.iter().filter(|entry| !entry.in_test) {
        let (all, guarded) = counts.entry(entry.channel).or_default();
        *all += 1;
        *guarded += usize::from(!entry.guards.is_empty());
    }
    counts.into_iter().map(|(channel, (all, guarded))| (channel, all, guarded)).collect()
}

/// Writes the entry points that `filter` admits.
///
/// # Errors
/// When writing fails.
pub fn render_surface(
    review: &Review,
    format: SurfaceFormat,
    filter: &SurfaceFilter,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let entries: Vec<&EntryPoint> = review.surface.iter().filter(|entry| filter.admits(review, entry)).collect();
    match format {
        SurfaceFormat::Text => text(review, &entries, options, out),
        SurfaceFormat::Json => {
            let document = Document {
                schema: SCHEMA,
                tool: Tool::new(review),
                counts: tally(&entries),
                entries: entries.iter().map(|entry| Entry::new(review, entry)).collect(),
            };
            document.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, JsonLines::new(2)))?;
            out.write_all(b"\n")
        }
    }
}

fn tally(entries: &[&EntryPoint]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        *counts.entry(entry.channel.id()).or_default() += 1;
    }
    counts
}

fn text(review: &Review, entries: &[&EntryPoint], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let style = Style { color: options.color };
    let width = options.width.max(40);
    let place = |place: &Place| {
        let file = review.files.get(place.file);
        format!("{}:{}", escape::line(&file.path), file.line_column(place.span.start).line)
    };
    for channel in Channel::ALL {
        let of: Vec<&&EntryPoint> = entries.iter().filter(|entry| entry.channel == channel).collect();
        if of.is_empty() {
            continue;
        }
        let title = format!("{} ({})", layout::capital(channel.title(of.len())), of.len());
        writeln!(out, "{}", style.paint(Paint::Strong, &title))?;
        for entry in of {
            let methods =
                if entry.methods.is_empty() { String::new() } else { format!("{} ", entry.methods.join(",")) };
            let path = entry.path.as_deref().unwrap_or(if channel == Channel::Http { "(route not known)" } else { "" });
            let name = format!("{methods}{path}");
            let name = if name.is_empty() { entry.place.function.clone() } else { name };
            let mark = if entry.in_test { " (test code)" } else { "" };
            writeln!(out, "  {}{mark}", style.paint(Paint::Strong, &escape::line(&name)))?;
            let at = format!("{} at {}", escape::line(&entry.place.function), place(&entry.place));
            writeln!(out, "    {}", style.paint(Paint::Place, &at))?;
            for other in entry.others.iter().take(MAX_NAMED) {
                let at = format!("or {} at {}", escape::line(&other.function), place(other));
                writeln!(out, "    {}", style.paint(Paint::Place, &at))?;
            }
            let mut lines: Vec<(&str, String)> = Vec::new();
            if let Some(registered) = &entry.registered {
                lines.push(("from", place(registered)));
            }
            lines.push(("given", named(entry.inputs.iter().map(given))));
            let mut guards: Vec<String> = entry.guards.iter().map(|g| format!("{} {}", g.kind.id(), g.name)).collect();
            // One word for those of one name.
            let mut seen = BTreeSet::new();
            guards.retain(|guard| seen.insert(guard.clone()));
            lines.push(("guards", named(guards.into_iter())));
            for kind in EffectKind::ALL {
                let of: Vec<String> = entry
                    .effects
                    .iter()
                    .filter(|effect| effect.kind == kind)
                    .map(|effect| format!("{} ({})", effect.api, place(&effect.place)))
                    .collect();
                lines.push((kind.id(), named(of.into_iter())));
            }
            if entry.cut {
                lines.push(("note", "more is reached than was looked at".to_owned()));
            }
            if let Some(assumption) = &entry.assumption {
                lines.push(("note", assumption.clone()));
            }
            for (label, words) in lines.into_iter().filter(|(_, words)| !words.is_empty()) {
                let wrapped = layout::wrap(&escape::line(&words), width.saturating_sub(INDENT + 6).max(20));
                for (i, line) in wrapped.iter().enumerate() {
                    let label = if i == 0 { format!("{label}:") } else { String::new() };
                    writeln!(out, "    {label:<10} {line}")?;
                }
            }
        }
        writeln!(out)?;
    }
    let parts: Vec<String> = Channel::ALL
        .into_iter()
        .map(|channel| (channel, entries.iter().filter(|entry| entry.channel == channel).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(channel, n)| format!("{n} {}", channel.title(n)))
        .collect();
    let detail = if parts.is_empty() { String::new() } else { format!(": {}", layout::and(&parts)) };
    let summary = format!("{}{detail}", count(entries.len(), "entry point"));
    writeln!(out, "{}", style.paint(Paint::Strong, &summary))
}

fn given(input: &EntryInput) -> String {
    match &input.source {
        Some(source) => format!("{} ({}, {source})", input.name, input.via.id()),
        None => input.name.clone(),
    }
}

fn named(items: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = items.collect();
    match all.len().checked_sub(MAX_NAMED) {
        Some(more) if more > 0 => format!("{}, and {more} more", all[..MAX_NAMED].join(", ")),
        _ => all.join(", "),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    counts: BTreeMap<&'static str, usize>,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    kind: &'static str,
    methods: &'a [String],
    path: Option<&'a str>,
    place: Location<'a>,
    others: Vec<Location<'a>>,
    registered: Option<Location<'a>>,
    assumption: Option<&'a str>,
    inputs: Vec<Input<'a>>,
    guards: Vec<Guard<'a>>,
    effects: Vec<Effect<'a>>,
    cut: bool,
    in_test: bool,
}

#[derive(Serialize)]
struct Input<'a> {
    name: &'a str,
    via: &'static str,
    source: Option<&'a str>,
    place: Location<'a>,
}

#[derive(Serialize)]
struct Guard<'a> {
    kind: &'static str,
    name: &'a str,
    place: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Effect<'a> {
    kind: &'static str,
    api: &'a str,
    place: Location<'a>,
    depth: u32,
    count: u32,
}

impl<'a> Entry<'a> {
    fn new(review: &'a Review, entry: &'a EntryPoint) -> Self {
        let location = |place: &'a Place| Location::new(review, place);
        let input = |i: &'a EntryInput| Input {
            name: &i.name,
            via: i.via.id(),
            source: i.source.as_deref(),
            place: location(&i.place),
        };
        let guard =
            |g: &'a EntryGuard| Guard { kind: g.kind.id(), name: &g.name, place: g.place.as_ref().map(location) };
        let effect = |e: &'a EntryEffect| Effect {
            kind: e.kind.id(),
            api: &e.api,
            place: location(&e.place),
            depth: e.depth,
            count: e.count,
        };
        Self {
            kind: entry.channel.id(),
            methods: &entry.methods,
            path: entry.path.as_deref(),
            place: location(&entry.place),
            others: entry.others.iter().map(location).collect(),
            registered: entry.registered.as_ref().map(location),
            assumption: entry.assumption.as_deref(),
            inputs: entry.inputs.iter().map(input).collect(),
            guards: entry.guards.iter().map(guard).collect(),
            effects: entry.effects.iter().map(effect).collect(),
            cut: entry.cut,
            in_test: entry.in_test,
        }
    }
}
