//! From rows to the trie.
//!
//! All files are read first, since a name is a type as soon as any file declares it, and a second
//! name leads to the node of the first from then on. Then each row makes the nodes of its path and adds its fact to them. The same fact twice on one node is
//! a mistake: one of the two rows would be changed some day and the other not.

use crate::argument::is_name;
use crate::error::{Problem, nearest, unknown};
use crate::facts::{
    ConditionalSink, Escaping, Facts, Flow, FlowKind, Guard, GuardWhen, HeldAgainst, Injected, Mark, NameModel,
    OptionModel, PortRoot, Raise, Refusal, Rendering, Setting, SignalRole, Signature, Store, TemplateContext,
    TemplateName,
};
use crate::model_row::need;
use crate::path::{Step, parse_path, parse_port, port_root};
use crate::rows::{Extensible, Row, read_rows};
use crate::surface::{Answer, ClassTable, Literal, Methods, Mount, Part, Registry, Resource, Route};
use crate::yaml::{self, Content, Issue, Node, Scalar};
use crate::{
    AccessKind, Condition, EntryKind, Form, KindSet, ModelError, ModelFile, ModelRow, Models, NodeId, SinkKind,
    SourceKind,
};
use assay_finding::EffectKind;
use assay_index::FxHashMap;
use std::collections::BTreeMap;

/// Nodes that one row may reach. A row with more is a mistake or an attack.
const MAX_ROW_NODES: usize = 4096;

/// What identifies a fact: the table, the node, and the rest as text.
type FactKey = (Extensible, NodeId, String);

struct Loader<'a> {
    files: &'a [ModelFile<'a>],
    models: Models,
    issues: Vec<(usize, Issue)>,
    /// Where each fact was first said: file and line.
    said: FxHashMap<FactKey, (usize, usize)>,
    direct_bases: FxHashMap<NodeId, Vec<NodeId>>,
    classes: Vec<(NodeId, NodeId)>,
}

pub(crate) fn load(files: &[ModelFile<'_>]) -> Result<Models, Vec<ModelError>> {
    compile(files).0.finish()
}

/// Loads, and says what each row became.
pub(crate) fn load_rows(files: &[ModelFile<'_>]) -> Result<(Models, Vec<ModelRow>), Vec<ModelError>> {
    let (mut loader, rows) = compile(files);
    let mut nodes: BTreeMap<(usize, usize), Vec<NodeId>> = BTreeMap::new();
    for ((_, node, _), place) in &loader.said {
        nodes.entry(*place).or_default().push(*node);
    }
    let mut listed = Vec::with_capacity(rows.len());
    for row in &rows {
        let read = &mut |text: &str| Condition::parse(text, &mut |name| loader.models.named(name)).ok();
        // A row that can't be read has an issue, which `finish` returns.
        let Some(need) = need(row, read) else { continue };
        let mut nodes = nodes.get(&(row.file, row.at.line)).cloned().unwrap_or_default();
        nodes.sort_unstable();
        nodes.dedup();
        let file = files[row.file].name.to_owned();
        listed.push(ModelRow { file, line: row.at.line, table: row.extensible.name(), nodes, need });
    }
    Ok((loader.finish()?, listed))
}

/// Reads all rows of all files and adds their facts.
fn compile<'a>(files: &'a [ModelFile<'a>]) -> (Loader<'a>, Vec<Row>) {
    let mut loader = Loader {
        files,
        models: Models::default(),
        issues: Vec::new(),
        said: FxHashMap::default(),
        direct_bases: FxHashMap::default(),
        classes: Vec::new(),
    };
    let mut rows = Vec::new();
    for (file, source) in files.iter().enumerate() {
        let mut issues = Vec::new();
        match yaml::read(source.text) {
            Ok(root) => read_rows(file, root, &mut rows, &mut issues),
            Err(issue) => issues.push(issue),
        }
        loader.issues.extend(issues.into_iter().map(|issue| (file, issue)));
    }
    for row in &rows {
        if matches!(row.extensible, Extensible::Class | Extensible::Type)
            && let Err(issue) = loader.declare(row)
        {
            loader.issues.push((row.file, issue));
        }
    }
    for row in rows.iter().filter(|row| row.extensible == Extensible::Alias) {
        if let Err(issue) = loader.alias_row(row) {
            loader.issues.push((row.file, issue));
        }
    }
    for row in &rows {
        if let Err(issue) = loader.row(row) {
            loader.issues.push((row.file, issue));
        }
    }
    (loader, rows)
}

impl Loader<'_> {
    fn finish(mut self) -> Result<Models, Vec<ModelError>> {
        for (class, root) in std::mem::take(&mut self.classes) {
            for node in [self.models.make_return(class), self.models.make_instance(class)] {
                let types = &mut self.models.facts_mut(node).types;
                if !types.contains(&root) {
                    types.push(root);
                }
            }
        }
        self.models.close_bases(&self.direct_bases);
        self.models.close_secrets();
        self.models.close_answers();
        if self.issues.is_empty() {
            return Ok(self.models);
        }
        self.issues.sort_by(|(f1, a), (f2, b)| (f1, a.at, &a.message).cmp(&(f2, b.at, &b.message)));
        self.issues.dedup();
        let files = self.files;
        Err(self
            .issues
            .into_iter()
            .map(|(file, issue)| ModelError {
                file: files[file].name.to_owned(),
                line: issue.at.line,
                column: issue.at.column,
                message: issue.message,
            })
            .collect())
    }

    /// Makes the root of the type that a row declares.
    fn declare(&mut self, row: &Row) -> Result<(), Issue> {
        let name = row.text(0)?;
        check_dotted(name, "type")?;
        self.models.make_type(&name.text);
        Ok(())
    }

    fn row(&mut self, row: &Row) -> Result<(), Issue> {
        match row.extensible {
            Extensible::Class => self.class_row(row),
            Extensible::Type => self.type_row(row),
            Extensible::Source => {
                let kind = kind(row.text(2)?, "source kind", SourceKind::from_id, || {
                    SourceKind::ALL.map(SourceKind::id).to_vec()
                })?;
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, kind.id(), |facts| facts.sources.push(kind))
            }
            Extensible::Sink => self.sink_row(row),
            Extensible::Summary => self.summary_row(row),
            Extensible::Barrier => {
                let kinds = barrier_set(row.text(2)?)?;
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, &row.text(2)?.text, |facts| {
                    facts.barriers = facts.barriers.union(kinds);
                })
            }
            Extensible::BarrierGuard => self.guard_row(row),
            Extensible::Neutral => {
                let what = row.text(2)?;
                let word = what.text.as_str();
                let kind = SinkKind::from_id(word);
                if kind.is_none() && !matches!(word, "summary" | "sink") {
                    let words = ["summary", "sink"].into_iter().chain(SinkKind::ALL.map(SinkKind::id));
                    return Err(what.issue(Problem::new(0, unknown("word", word, words.collect::<Vec<_>>()))));
                }
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, &what.text, |facts| {
                    facts.neutral_summary |= word == "summary";
                    facts.neutral_sink |= word != "summary";
                    if let Some(kind) = kind {
                        facts.neutral_kinds.insert(kind);
                    }
                })
            }
            Extensible::EntryPoint => {
                let kind = kind(row.text(2)?, "entry kind", EntryKind::from_id, || {
                    EntryKind::ALL.map(EntryKind::id).to_vec()
                })?;
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.entry = Some(kind))
            }
            Extensible::Access => {
                let kind = kind(row.text(2)?, "guard kind", AccessKind::from_id, || {
                    AccessKind::ALL.map(AccessKind::id).to_vec()
                })?;
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.access = Some(kind))
            }
            Extensible::Setting => self.setting_row(row),
            Extensible::Assignment => self.assignment_row(row),
            Extensible::Name => self.name_row(row),
            Extensible::Decorator => {
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.transparent_decorator = true)
            }
            Extensible::Exit => {
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.exits = true)
            }
            Extensible::Decision => {
                let how = row.text(2)?;
                let refusal = match how.text.as_str() {
                    "raises" => Refusal::Raises,
                    "false" => Refusal::False,
                    other => return Err(how.issue(Problem::new(0, unknown("refusal", other, ["raises", "false"])))),
                };
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.decides = Some(refusal))
            }
            Extensible::Raise => self.raise_row(row),
            Extensible::Pattern => {
                let how = row.text(2)?;
                let held = match how.text.as_str() {
                    "search" => HeldAgainst::Search,
                    "match" => HeldAgainst::Match,
                    "fullmatch" => HeldAgainst::FullMatch,
                    other => {
                        let known = ["search", "match", "fullmatch"];
                        return Err(how.issue(Problem::new(0, unknown("way of matching", other, known))));
                    }
                };
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.pattern = Some(held))
            }
            Extensible::Template => self.template_row(row),
            Extensible::Signal => {
                let (role, at) = (row.text(2)?, row.text(3)?);
                let sends = match role.text.as_str() {
                    "connect" => false,
                    "send" => true,
                    other => return Err(role.issue(Problem::new(0, unknown("role", other, ["connect", "send"])))),
                };
                let signal = match parse_path(&at.text).map_err(|p| at.issue(p))?.as_slice() {
                    [Step::Argument(spec)] => spec.clone(),
                    _ => return Err(at.issue(Problem::new(0, "write `Argument[…]` here".to_owned()))),
                };
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, &role.text, |facts| {
                    facts.signals.push(SignalRole { sends, signal: signal.clone() });
                })
            }
            Extensible::TemplateFunction => {
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.template_function = true)
            }
            Extensible::Form => {
                let form = kind(row.text(2)?, "form", Form::from_id, || Form::ALL.map(Form::id).to_vec())?;
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, form.id(), |facts| facts.forms.push(form))
            }
            Extensible::Store => {
                let name = row.text(2)?;
                let Some(store) = Store::from_id(&name.text) else {
                    return Err(name.issue(Problem::new(0, unknown("store", &name.text, Store::ALL.map(Store::id)))));
                };
                let nodes = self.nodes(row, 0, 1)?;
                self.each(row, &nodes, "", |facts| facts.store = Some(store))
            }
            Extensible::Option => self.option_row(row),
            Extensible::Injected => {
                let name = row.text(0)?;
                if !is_name(&name.text) {
                    return Err(name.issue(Problem::new(0, format!("`{}` is no name of a variable", name.text))));
                }
                let type_root = self.known_type(row.text(1)?)?;
                let package = row.optional(2)?;
                if let Some(package) = package {
                    check_dotted(package, "package")?;
                }
                let injected = Injected { type_root, package: package.map(|p| p.text.clone()) };
                if self.models.add_injected(&name.text, injected) {
                    return Ok(());
                }
                Err(name.issue(Problem::new(0, format!("`{}` has a meaning already", name.text))))
            }
            Extensible::Signature => {
                let names = row.text(0)?;
                let parameters: Vec<String> = names.text.split(',').map(|name| name.trim().to_owned()).collect();
                if let Some(wrong) = parameters.iter().find(|name| *name != "*" && !is_name(name)) {
                    return Err(names.issue(Problem::new(0, format!("`{wrong}` is no name of a parameter"))));
                }
                let type_root = self.known_type(row.text(1)?)?;
                let signature = Signature { parameters, type_root };
                self.first(row, type_root, &signature.names())?;
                self.models.add_signature(signature);
                Ok(())
            }
            Extensible::Mark => {
                let attribute = row.text(2)?;
                if !is_name(&attribute.text) {
                    return Err(
                        attribute.issue(Problem::new(0, format!("`{}` is no name of an attribute", attribute.text)))
                    );
                }
                let nodes = self.nodes(row, 0, 1)?;
                let library = row.text(0)?.text.clone();
                for callable in nodes {
                    self.first(row, callable, &attribute.text)?;
                    let (attribute, library) = (attribute.text.clone(), library.clone());
                    self.models.add_mark(Mark { attribute, library, callable });
                }
                Ok(())
            }
            Extensible::Alias => Ok(()),
            Extensible::Route
            | Extensible::Mount
            | Extensible::Resource
            | Extensible::Answer
            | Extensible::Effect
            | Extensible::Value
            | Extensible::Registry
            | Extensible::ClassTable => self.surface_row(row),
        }
    }

    fn template_row(&mut self, row: &Row) -> Result<(), Issue> {
        let wrong = |text: &Scalar, wanted: &str| text.issue(Problem::new(0, format!("write {wanted} here")));
        let (name, context, escaping) = (row.text(2)?, row.text(3)?, row.text(4)?);
        let name_of = match parse_path(&name.text).map_err(|p| name.issue(p))?.as_slice() {
            [Step::Argument(spec)] => TemplateName::Argument(spec.clone()),
            [Step::Argument(spec), Step::Element] => TemplateName::Text(spec.clone()),
            [Step::Members(names)] if names.len() == 1 => TemplateName::Attribute(names[0].clone()),
            _ => return Err(wrong(name, "`Argument[…]`, `Argument[…].Element` or `Member[…]`")),
        };
        let context_of = match parse_path(&context.text).map_err(|p| context.issue(p))?.as_slice() {
            [] => TemplateContext::Later,
            [Step::Argument(spec)] => TemplateContext::Argument(spec.clone()),
            [Step::Members(names), Step::Return] if names.len() == 1 => TemplateContext::Method(names[0].clone()),
            [Step::Return, Step::Argument(_), Step::Return] => TemplateContext::Returned,
            _ => {
                let wanted = "nothing, `Argument[…]`, `Member[…].ReturnValue` or `ReturnValue.Argument[0].ReturnValue`";
                return Err(wrong(context, wanted));
            }
        };
        let way = Escaping::ALL.into_iter().find(|way| way.id() == escaping.text).ok_or_else(|| {
            escaping.issue(Problem::new(0, unknown("way of escaping", &escaping.text, Escaping::ALL.map(Escaping::id))))
        })?;
        let request = row.optional(5)?.map(|name| self.known_type(name)).transpose()?;
        let rendering = Rendering { name: name_of, context: context_of, escaping: way, request };
        let nodes = self.nodes(row, 0, 1)?;
        let key = format!("{} {}", name.text, context.text);
        self.each(row, &nodes, &key, |facts| facts.renderings.push(rendering.clone()))
    }

    /// Rows about the attack surface.
    fn surface_row(&mut self, row: &Row) -> Result<(), Issue> {
        let part = |column: usize| {
            let text = row.text(column)?;
            Part::parse(&text.text).map_err(|p| text.issue(p))
        };
        let methods = |column: usize| {
            let text = row.text(column)?;
            Methods::parse(&text.text).map_err(|p| text.issue(p))
        };
        let nodes = self.nodes(row, 0, 1)?;
        match row.extensible {
            Extensible::Route => {
                let kind = match row.optional(5)? {
                    Some(text) => {
                        kind(text, "entry kind", EntryKind::from_id, || EntryKind::ALL.map(EntryKind::id).to_vec())?
                    }
                    None => EntryKind::Http,
                };
                let action = if row.optional(6)?.is_some() { part(6)? } else { Part::None };
                let route = Route { handler: part(2)?, path: part(3)?, methods: methods(4)?, kind, action };
                let key = format!("{} {}", row.text(2)?.text, row.text(3)?.text);
                self.each(row, &nodes, &key, |facts| facts.surface_mut().routes.push(route.clone()))
            }
            Extensible::Mount => {
                let above = if row.optional(4)?.is_some() { part(4)? } else { Part::None };
                let mount = Mount { child: part(2)?, prefix: part(3)?, above };
                let key = format!("{} {}", row.text(2)?.text, row.text(3)?.text);
                self.each(row, &nodes, &key, |facts| facts.surface_mut().mounts.push(mount.clone()))
            }
            Extensible::Resource => {
                let mut resource = Resource::default();
                for item in row.list(2)? {
                    resource.add(&item.text).map_err(|p| item.issue(p))?;
                }
                self.each(row, &nodes, "", |facts| facts.surface_mut().resources.push(resource.clone()))
            }
            Extensible::Answer => {
                let answer = Answer { methods: methods(2)?.default, suffix: row.text(3)?.text.clone() };
                self.each(row, &nodes, "", |facts| facts.surface_mut().answers = Some(answer.clone()))
            }
            Extensible::Effect => {
                let effect =
                    kind(row.text(2)?, "effect", EffectKind::from_id, || EffectKind::ALL.map(EffectKind::id).to_vec())?;
                self.each(row, &nodes, effect.id(), |facts| facts.surface_mut().effects.push(effect))
            }
            Extensible::ClassTable => {
                check_dotted(row.text(2)?, "class")?;
                let told = |column: usize| row.text(column).map(|text| text.text.clone());
                let table = ClassTable { base: told(2)?, attribute: told(3)?, flag: told(4)? };
                self.each(row, &nodes, "", |facts| facts.surface_mut().class_table = Some(table.clone()))
            }
            Extensible::Registry => {
                let registry = Registry { key: part(2)?, method: row.text(3)?.text.clone() };
                self.each(row, &nodes, "", |facts| facts.surface_mut().registry = Some(registry.clone()))
            }
            _ => {
                let value = literal(row.node(2)?)?;
                self.each(row, &nodes, "", |facts| facts.surface_mut().value = Some(value.clone()))
            }
        }
    }

    /// Lets a second name lead to the node of the first.
    fn alias_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (alias, target) = (row.text(0)?, row.text(1)?);
        check_dotted(alias, "module or its member")?;
        check_dotted(target, "module or its member")?;
        let node = self.models.make_module(&target.text);
        if self.models.make_alias(&alias.text, node) {
            return Ok(());
        }
        let message = format!("`{}` has a meaning already: put the row before those that use the name", alias.text);
        Err(alias.issue(Problem::new(0, message)))
    }

    fn class_row(&mut self, row: &Row) -> Result<(), Issue> {
        let Some(root) = self.models.type_root(&row.text(0)?.text) else {
            return Ok(());
        };
        let mut bases = Vec::new();
        for base in row.list(3)? {
            bases.push(self.known_type(base)?);
        }
        let nodes = self.nodes(row, 1, 2)?;
        self.each(row, &nodes, "", |facts| facts.class_of = Some(root))?;
        let known = self.direct_bases.entry(root).or_default();
        for base in bases {
            if !known.contains(&base) {
                known.push(base);
            }
        }
        for class in nodes {
            self.models.add_class_object(root, class);
            self.classes.push((class, root));
        }
        Ok(())
    }

    fn type_row(&mut self, row: &Row) -> Result<(), Issue> {
        let name = row.text(0)?;
        let Some(root) = self.models.type_root(&name.text) else {
            return Ok(());
        };
        let nodes = self.nodes(row, 1, 2)?;
        self.each(row, &nodes, &name.text, |facts| facts.types.push(root))?;
        // An instance of one type that is an instance of another: the other is a base.
        for node in nodes {
            if self.models.type_name(node).is_some() {
                self.direct_bases.entry(node).or_default().push(root);
            }
        }
        Ok(())
    }

    fn sink_row(&mut self, row: &Row) -> Result<(), Issue> {
        let mut kinds = kind_list(row.text(2)?, 0)?;
        if kinds.contains(&SinkKind::LogInjection) && !kinds.contains(&SinkKind::LogContent) {
            kinds.push(SinkKind::LogContent);
        }
        let condition = match row.optional(3)? {
            Some(text) => Some(self.condition(text)?),
            None => None,
        };
        let nodes = self.nodes(row, 0, 1)?;
        let told = row.optional(3)?.map_or("", |text| text.text.as_str());
        for kind in kinds {
            let key = format!("{kind} {told}");
            self.each(row, &nodes, &key, |facts| match &condition {
                None => facts.sinks.push(kind),
                Some(condition) => facts.conditional_sinks.push(ConditionalSink { kind, condition: condition.clone() }),
            })?;
        }
        Ok(())
    }

    fn summary_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (input, output, how) = (row.text(2)?, row.text(3)?, row.text(4)?);
        let how = match how.text.as_str() {
            "value" => FlowKind::Value,
            "taint" => FlowKind::Taint,
            "parse" => FlowKind::Parse,
            "markup" => FlowKind::Markup,
            other => {
                let known = ["taint", "value", "parse", "markup"];
                return Err(how.issue(Problem::new(0, unknown("kind of flow", other, known))));
            }
        };
        let flow = Flow {
            input: parse_port(&input.text).map_err(|p| input.issue(p))?,
            output: parse_port(&output.text).map_err(|p| output.issue(p))?,
            kind: how,
        };
        if flow.input.root == PortRoot::ReturnValue {
            return Err(input.issue(Problem::new(0, "data can't enter by the result: start with `Argument[…]`")));
        }
        let nodes = self.nodes(row, 0, 1)?;
        let key = format!("{} {}", input.text, output.text);
        self.each(row, &nodes, &key, |facts| facts.flows.push(flow.clone()))
    }

    fn raise_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (class, input) = (row.text(2)?, row.text(3)?);
        let Some(error) = self.models.type_root(&class.text) else {
            return Err(class.issue(Problem::new(0, format!("no row declares the class `{}`", class.text))));
        };
        let input = parse_port(&input.text).map_err(|p| input.issue(p))?.root;
        let nodes = self.nodes(row, 0, 1)?;
        let raise = Raise { error, input };
        self.each(row, &nodes, &class.text, |facts| facts.raises.push(raise.clone()))
    }

    fn guard_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (path, when, kinds) = (row.text(1)?, row.text(2)?, barrier_set(row.text(3)?)?);
        let holds = match when.text.as_str() {
            "true" => GuardWhen::True,
            "false" => GuardWhen::False,
            "returns" => GuardWhen::Returns,
            other => {
                let known = ["true", "false", "returns"];
                return Err(when.issue(Problem::new(0, unknown("outcome", other, known))));
            }
        };
        let mut steps = parse_path(&path.text).map_err(|p| path.issue(p))?;
        let root = match steps.pop() {
            Some(step @ Step::Argument(_)) => port_root(step),
            _ => None,
        };
        let Some(root) = root else {
            return Err(path.issue(Problem::new(
                0,
                "the path of a guard ends with the `Argument[…]` that it shows to be harmless",
            )));
        };
        let guard = Guard { argument: crate::Port { root, path: Vec::new() }, when: holds, kinds };
        let nodes = self.walk(row, 0, path, &steps)?;
        let last = path.text.rfind("Argument").unwrap_or_default();
        let key = format!("{} {} {}", &path.text[last..], when.text, row.text(3)?.text);
        self.each(row, &nodes, &key, |facts| facts.guards.push(guard.clone()))
    }

    fn setting_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (argument, check) = (row.text(2)?, row.text(4)?);
        let spec = if argument.text.is_empty() {
            None
        } else {
            match parse_path(&argument.text).map_err(|p| argument.issue(p))?.as_slice() {
                [Step::Argument(spec)] => Some(spec.clone()),
                _ => {
                    return Err(argument.issue(Problem::new(
                        0,
                        "write one `Argument[…]`, or leave the text empty when the call itself is meant",
                    )));
                }
            }
        };
        let setting = Setting { argument: spec, condition: self.condition(row.text(3)?)?, check: check_id(check)? };
        let nodes = self.nodes(row, 0, 1)?;
        let key = format!("{} {} {}", argument.text, row.text(3)?.text, check.text);
        self.each(row, &nodes, &key, |facts| facts.settings.push(setting.clone()))
    }

    fn assignment_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (attribute, check) = (row.text(1)?, row.text(3)?);
        if !is_name(&attribute.text) {
            return Err(attribute.issue(Problem::new(0, format!("`{}` is no name of an attribute", attribute.text))));
        }
        let fact = (attribute.text.clone(), self.condition(row.text(2)?)?, check_id(check)?);
        let nodes = self.walk(row, 0, attribute, &[])?;
        let key = format!("{} {} {}", attribute.text, row.text(2)?.text, check.text);
        self.each(row, &nodes, &key, |facts| facts.assignments.push(fact.clone()))
    }

    fn option_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (framework, option, check) = (row.text(0)?, row.text(1)?, row.text(3)?);
        if !is_name(&option.text) {
            return Err(option.issue(Problem::new(0, format!("`{}` is no name of an option", option.text))));
        }
        let besides = match (row.optional(4)?, row.optional(5)?) {
            (Some(name), Some(condition)) => Some((name.text.clone(), self.condition(condition)?)),
            (Some(name), None) => {
                return Err(name.issue(Problem::new(0, "a condition on this option is missing")));
            }
            _ => None,
        };
        let model = OptionModel {
            framework: framework.text.clone(),
            name: option.text.clone(),
            condition: self.condition(row.text(2)?)?,
            check: check_id(check)?,
            besides,
        };
        if self.models.options().contains(&model) {
            return Err(option.issue(Problem::new(0, format!("`{}` has this row already", option.text))));
        }
        self.models.add_option(model);
        Ok(())
    }

    fn name_row(&mut self, row: &Row) -> Result<(), Issue> {
        let (method, condition) = (row.text(0)?, row.text(1)?);
        if !is_name(&method.text) {
            return Err(method.issue(Problem::new(0, format!("`{}` is no name of a method", method.text))));
        }
        let type_root = self.known_type(row.text(2)?)?;
        let parsed = self.condition(condition)?;
        let key = format!("{} {}", method.text, condition.text);
        self.first(row, type_root, &key)?;
        let model = NameModel { condition: parsed, type_root };
        self.models.add_name_model(&method.text, model);
        Ok(())
    }

    fn condition(&mut self, text: &Scalar) -> Result<Condition, Issue> {
        let condition = Condition::parse(&text.text, &mut |name| self.models.named(name));
        condition.inspect(|c| c.ask(&mut self.models.asked)).map_err(|p| text.issue(p))
    }

    fn known_type(&self, name: &Scalar) -> Result<NodeId, Issue> {
        self.models.type_root(&name.text).ok_or_else(|| {
            let message = match nearest(&name.text, self.models.type_names()) {
                Some(near) => format!("unknown type `{}`: did you mean `{near}`?", name.text),
                None => format!("unknown type `{}`: declare it with a classModel or typeModel row", name.text),
            };
            name.issue(Problem::new(0, message))
        })
    }

    /// The nodes of the start and path in these columns.
    fn nodes(&mut self, row: &Row, start: usize, path: usize) -> Result<Vec<NodeId>, Issue> {
        let path = row.text(path)?;
        let steps = parse_path(&path.text).map_err(|p| path.issue(p))?;
        self.walk(row, start, path, &steps)
    }

    fn walk(&mut self, row: &Row, start: usize, path: &Scalar, steps: &[Step]) -> Result<Vec<NodeId>, Issue> {
        let start = row.text(start)?;
        let mut nodes = Vec::new();
        let mut offset = 0;
        for part in start.text.split(',') {
            let name = part.trim();
            if !name.split('.').all(is_name) {
                let message = format!("`{name}` is no name of a module or type: write `os.path`");
                return Err(start.issue(Problem::new(offset, message)));
            }
            offset += part.len() + 1;
            nodes.push(match self.models.type_root(name) {
                Some(root) => root,
                None => self.models.make_module(name),
            });
        }
        for step in steps {
            let mut reached = Vec::new();
            for node in nodes {
                self.models.make_step(node, step, &mut reached);
            }
            if reached.len() > MAX_ROW_NODES {
                let message = format!("this path stands for more than {MAX_ROW_NODES} paths: split it");
                return Err(path.issue(Problem::new(0, message)));
            }
            nodes = reached;
        }
        Ok(nodes)
    }

    /// Refuses a fact that was said before.
    fn first(&mut self, row: &Row, node: NodeId, fact: &str) -> Result<(), Issue> {
        let key = (row.extensible, node, fact.to_owned());
        if let Some(&(file, line)) = self.said.get(&key) {
            return Err(Issue::new(
                row.at,
                format!(
                    "this {} row repeats {}:{line} for `{}`: remove it from one of the two",
                    row.extensible.name(),
                    self.files[file].name,
                    self.models.describe(node)
                ),
            ));
        }
        self.said.insert(key, (row.file, row.at.line));
        Ok(())
    }

    /// Adds a new fact to each node.
    fn each(&mut self, row: &Row, nodes: &[NodeId], fact: &str, add: impl Fn(&mut Facts)) -> Result<(), Issue> {
        for &node in nodes {
            self.first(row, node, fact)?;
            add(self.models.facts_mut(node));
        }
        Ok(())
    }
}

fn check_dotted(name: &Scalar, what: &str) -> Result<(), Issue> {
    if name.text.split('.').all(is_name) {
        return Ok(());
    }
    Err(name.issue(Problem::new(0, format!("`{}` is no name of a {what}: write parts joined by dots", name.text))))
}

fn kind<K>(
    text: &Scalar,
    what: &str,
    from: fn(&str) -> Option<K>,
    known: fn() -> Vec<&'static str>,
) -> Result<K, Issue> {
    from(&text.text).ok_or_else(|| text.issue(Problem::new(0, unknown(what, &text.text, known()))))
}

/// A constant as YAML writes it. What is nested deeper than a model file may be has been refused before.
fn literal(node: &Node) -> Result<Literal, Issue> {
    Ok(match &node.content {
        Content::Scalar(scalar) => match scalar.text.as_str() {
            "null" => Literal::None,
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            text => text.parse().map_or_else(|_| Literal::Text(text.to_owned()), Literal::Int),
        },
        Content::Sequence(items) => Literal::List(items.iter().map(literal).collect::<Result<_, _>>()?),
        Content::Mapping(pairs) => {
            let mut out = Vec::with_capacity(pairs.len());
            for (key, value) in pairs {
                let Content::Scalar(name) = &key.content else {
                    return Err(Issue::new(key.at, "a key must be text"));
                };
                out.push((name.text.clone(), literal(value)?));
            }
            Literal::Map(out)
        }
    })
}

/// One or more sink kinds with commas between.
fn kind_list(text: &Scalar, mut offset: usize) -> Result<Vec<SinkKind>, Issue> {
    let mut kinds = Vec::new();
    for part in text.text[offset..].split(',') {
        let Some(kind) = SinkKind::from_id(part.trim()) else {
            let known = SinkKind::ALL.map(SinkKind::id);
            let blanks = part.len() - part.trim_start().len();
            return Err(text.issue(Problem::new(offset + blanks, unknown("sink kind", part.trim(), known))));
        };
        kinds.push(kind);
        offset += part.len() + 1;
    }
    Ok(kinds)
}

/// `any`, `any but` some sink kinds, or sink kinds.
///
/// A number or a hash that is made from a predictable value is as predictable, and a number that is read from a text is
/// as large as the text says: `any` leaves [`SinkKind::SecretUse`] and [`SinkKind::ResourceAmount`] out.
fn kind_set(text: &Scalar) -> Result<KindSet, Issue> {
    let kept = match text.text.strip_prefix("any") {
        Some("") => KindSet::EMPTY,
        Some(rest) if let Some(kinds) = rest.strip_prefix(" but ") => {
            kind_list(text, text.text.len() - kinds.len())?.into_iter().collect()
        }
        _ => return Ok(kind_list(text, 0)?.into_iter().collect()),
    };
    let never = KindSet::of(SinkKind::SecretUse).union(KindSet::of(SinkKind::ResourceAmount));
    Ok(KindSet::ALL.minus(never).minus(kept))
}

/// The kinds that a barrier takes away: what is harmless in a page is so in all places of it, unless only what stands for text is
/// (`html-text`).
fn barrier_set(text: &Scalar) -> Result<KindSet, Issue> {
    if text.text == "html-text" {
        return Ok(KindSet::of(SinkKind::HtmlInjection));
    }
    let kinds = kind_set(text)?;
    let code = if kinds.contains(SinkKind::HtmlInjection) { KindSet::of(SinkKind::HtmlCode) } else { KindSet::EMPTY };
    Ok(kinds.union(code))
}

fn check_id(text: &Scalar) -> Result<String, Issue> {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if text.text.split('-').all(word) {
        return Ok(text.text.clone());
    }
    Err(text.issue(Problem::new(0, format!("`{}` is no id of a check: write `weak-hash`", text.text))))
}

#[cfg(test)]
mod tests;
