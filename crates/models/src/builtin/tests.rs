//! The files that come with the program, loaded together.

use crate::rows::{Extensible, read_rows};
use crate::{Condition, EntryKind, KindSet, Models, NodeId, SinkKind, SourceKind, yaml};
use assay_text::Language;
use std::collections::BTreeSet;
use std::sync::OnceLock;

fn python() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(|| match Models::load(&Models::builtin_files(Language::Python)) {
        Ok(models) => models,
        Err(errors) => {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{} mistakes:\n{}", errors.len(), errors.join("\n"));
        }
    })
}

#[test]
fn the_files_load() {
    let files = Models::builtin_files(Language::Python);
    assert!(files.iter().any(|file| file.name == "python/builtins.yml"));
    assert!(files.windows(2).all(|pair| pair[0].name < pair[1].name));
    assert!(python().node_count() > 1000);
}

/// The nodes that describe each method of each type, those of its bases among them.
fn methods(models: &Models) -> Vec<(String, Vec<NodeId>)> {
    let members = models.member_names();
    let mut methods = Vec::new();
    for root in models.nodes().filter(|n| models.type_name(*n).is_some()) {
        let bases = models.base_types(root);
        let mut names: Vec<&str> = bases.iter().filter_map(|base| members.get(base)).flatten().copied().collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let nodes = bases.iter().filter_map(|base| models.member(*base, name)).collect();
            methods.push((format!("{}.{name}", models.describe(root)), nodes));
        }
    }
    methods
}

/// `neutralModel … summary` says that nothing flows; a flow of the same callable contradicts it.
#[test]
fn what_is_neutral_has_no_flow() {
    let models = python();
    let mut callables = methods(models);
    callables.extend(models.nodes().map(|n| (models.describe(n), vec![n])));
    let contradictions: Vec<String> = callables
        .into_iter()
        .filter(|(_, nodes)| nodes.iter().any(|n| models.facts(*n).neutral_summary))
        .filter(|(_, nodes)| nodes.iter().any(|n| !models.facts(*n).flows.is_empty()))
        .map(|(name, _)| name)
        .collect();
    assert!(contradictions.is_empty(), "both neutral and with a flow: {contradictions:#?}");
}

/// A misspelt type would be taken for a module that nothing imports.
#[test]
fn what_looks_like_a_type_is_one() {
    let models = python();
    let mut wrong = Vec::new();
    for file in Models::builtin_files(Language::Python) {
        let (mut rows, mut issues) = (Vec::new(), Vec::new());
        read_rows(0, yaml::read(file.text).unwrap(), &mut rows, &mut issues);
        assert!(issues.is_empty());
        for row in &rows {
            let column = match row.extensible {
                Extensible::Class | Extensible::Type => 1,
                Extensible::Name | Extensible::Alias => continue,
                _ => 0,
            };
            for start in row.text(column).unwrap().text.split(',').map(str::trim) {
                let last = start.rsplit('.').next().unwrap_or_default();
                let class = last.starts_with(|c: char| c.is_uppercase());
                let package = start.split('.').count() == 1 || last.chars().all(char::is_uppercase);
                if class && !package && models.type_root(start).is_none() && models.dotted(start).is_none() {
                    wrong.push(format!("{}:{}: {start}", file.name, row.at.line));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "no such types: {wrong:#?}");
}

/// The node of the only `Argument[…]` step that selects a position.
fn argument(models: &Models, callable: NodeId, position: u32) -> NodeId {
    let mut found = models.arguments(callable).iter().filter(|(spec, _)| spec.matches_position(position));
    let first = found.next().expect("an argument is described").1;
    assert!(found.next().is_none(), "several steps mean the argument");
    first
}

fn sinks(models: &Models, dotted: &str, position: u32) -> Vec<SinkKind> {
    models.facts(argument(models, models.dotted(dotted).unwrap(), position)).sinks.clone()
}

/// The types of the result of a method of a type.
fn result_types<'m>(models: &'m Models, of: &str, method: &str) -> BTreeSet<&'m str> {
    models
        .base_types(models.type_root(of).unwrap())
        .iter()
        .filter_map(|base| models.returned(models.member(*base, method)?))
        .flat_map(|node| models.facts(node).types.clone())
        .filter_map(|root| models.type_name(root))
        .collect()
}

#[test]
fn types_of_values_propagate() {
    let models = python();
    assert_eq!(result_types(models, "builtins.str", "encode"), ["builtins.bytes"].into());
    assert_eq!(result_types(models, "builtins.bytes", "decode"), ["builtins.str"].into());
    assert_eq!(result_types(models, "os._Environ", "copy"), ["builtins.dict"].into());
    let open = models.dotted("builtins.open").unwrap();
    let opened = models.facts(models.returned(open).unwrap()).types[0];
    assert_eq!(models.type_name(opened), Some("io.TextIOWrapper"));
    assert_eq!(result_types(models, "io.TextIOWrapper", "read"), ["builtins.str"].into());
    let split = models.member(models.type_root("builtins.str").unwrap(), "split").unwrap();
    let part = models.element(models.returned(split).unwrap()).unwrap();
    assert_eq!(models.facts(part).types, [models.type_root("builtins.str").unwrap()]);
    assert_eq!(result_types(models, "sqlite3.Connection", "cursor"), ["sqlite3.Cursor"].into());
    let not_found = models.type_root("builtins.FileNotFoundError").unwrap();
    let os_error = models.type_root("builtins.OSError").unwrap();
    assert!(models.base_types(not_found).contains(&os_error));
    assert_eq!(models.dotted("builtins.IOError").map(|n| models.facts(n).class_of), Some(Some(os_error)));
}

#[test]
fn second_names_of_modules_lead_to_the_same() {
    let models = python();
    for (alias, name) in [
        ("cPickle.loads", "pickle.loads"),
        ("six.moves.urllib.parse.quote", "urllib.parse.quote"),
        ("urllib.quote", "urllib.parse.quote"),
        ("urllib2.urlopen", "urllib.request.urlopen"),
        ("posixpath.join", "os.path.join"),
        ("io.open", "builtins.open"),
        ("__builtin__.eval", "builtins.eval"),
    ] {
        assert!(models.dotted(name).is_some(), "{name}");
        assert_eq!(models.dotted(alias), models.dotted(name), "{alias}");
    }
}

#[test]
fn a_shell_makes_a_command_of_the_text() {
    let models = python();
    let command = argument(models, models.dotted("subprocess.run").unwrap(), 0);
    let facts = models.facts(command);
    assert!(facts.sinks.is_empty());
    let shell = facts.conditional_sinks.iter().find(|sink| {
        matches!(&sink.condition, Condition::On(spec, condition)
            if spec.matches_name("shell") && spec.matches_position(8) && **condition == Condition::True)
    });
    assert_eq!(shell.map(|sink| sink.kind), Some(SinkKind::CommandInjection));
    let kinds = |node: Option<NodeId>| -> KindSet {
        models.facts(node.unwrap()).conditional_sinks.iter().map(|sink| sink.kind).collect()
    };
    assert_eq!(kinds(models.index(command, 0)), KindSet::of(SinkKind::CommandInjection));
    let others = kinds(models.index(command, 1));
    assert!(others.contains(SinkKind::ArgumentInjection) && !others.contains(SinkKind::CommandInjection));
    assert_eq!(sinks(models, "os.system", 0), [SinkKind::CommandInjection]);
}

#[test]
fn dangerous_calls_are_sinks() {
    let models = python();
    for (callable, position, kind) in [
        ("builtins.eval", 0, SinkKind::CodeInjection),
        ("builtins.open", 0, SinkKind::PathInjection),
        ("pickle.load", 0, SinkKind::UnsafeDeserialization),
        ("marshal.loads", 0, SinkKind::UnsafeDeserialization),
        ("re.compile", 0, SinkKind::RegexInjection),
        ("urllib.request.urlopen", 0, SinkKind::RequestForgery),
        ("importlib.import_module", 0, SinkKind::Reflection),
    ] {
        assert_eq!(sinks(models, callable, position), [kind], "{callable}");
    }
    // Where a copy goes is a path, and a file that is made.
    let copy = models.dotted("shutil.copy").unwrap();
    let steps = models.arguments(copy).iter().filter(|(spec, _)| spec.matches_position(1));
    let kinds: Vec<SinkKind> = steps.flat_map(|(_, node)| models.facts(*node).sinks.clone()).collect();
    assert_eq!(kinds, [SinkKind::PathInjection, SinkKind::FileCreation]);
    // What people read in a log comes with each line of it.
    assert_eq!(sinks(models, "logging.warning", 3), [SinkKind::LogInjection, SinkKind::LogContent]);
    let cursor = models.type_root("sqlite3.Cursor").unwrap();
    let execute = models.member(cursor, "execute").unwrap();
    assert_eq!(models.facts(argument(models, execute, 0)).sinks, [SinkKind::SqlInjection]);
    assert!(!models.arguments(execute).iter().any(|(spec, _)| spec.matches_position(1)));
}

#[test]
fn what_cleans_cleans_no_more_than_it_does() {
    let models = python();
    let barriers = |dotted: &str| models.facts(models.returned(models.dotted(dotted).unwrap()).unwrap()).barriers;
    assert!(barriers("html.escape").contains(SinkKind::HtmlInjection));
    assert!(!barriers("html.escape").contains(SinkKind::SqlInjection));
    assert_eq!(barriers("shlex.quote"), KindSet::of(SinkKind::CommandInjection));
    assert!(!barriers("urllib.parse.quote").contains(SinkKind::PathInjection));
    assert!(barriers("builtins.int").contains(SinkKind::SqlInjection));
    // A number made from a predictable one is predictable.
    assert!(!barriers("builtins.int").contains(SinkKind::SecretUse));
    // A number is as large as the text that it is read from says; the length of a text is no larger than the text.
    assert!(!barriers("builtins.int").contains(SinkKind::ResourceAmount));
    assert!(barriers("builtins.len").contains(SinkKind::ResourceAmount));
}

#[test]
fn a_handler_of_http_requests_is_an_entry_point() {
    let models = python();
    for class in ["http.server.BaseHTTPRequestHandler", "BaseHTTPServer.BaseHTTPRequestHandler"] {
        let subclass = models.subclass(models.dotted(class).unwrap()).unwrap();
        assert_eq!(models.facts(models.member(subclass, "do_GET").unwrap()).entry, Some(EntryKind::Http));
    }
    let handler = models.type_root("http.server.BaseHTTPRequestHandler").unwrap();
    let path = models.member(handler, "path").unwrap();
    assert_eq!(models.facts(path).sources, [SourceKind::Remote]);
}

#[test]
fn checks_of_settings_are_known() {
    let models = python();
    let mut checks = BTreeSet::new();
    for node in models.nodes() {
        let facts = models.facts(node);
        checks.extend(facts.settings.iter().map(|setting| setting.check.as_str()));
        checks.extend(facts.assignments.iter().map(|(_, _, check)| check.as_str()));
    }
    for check in ["tls-verification-disabled", "weak-hash", "insecure-temporary-file", "insecure-file-permissions"] {
        assert!(checks.contains(check), "no setting leads to {check}");
    }
    let context = models.facts(models.type_root("ssl.SSLContext").unwrap());
    assert!(context.assignments.iter().any(|(name, condition, _)| {
        name == "verify_mode" && matches!(condition, Condition::Is(names) if names[0].name == "ssl.CERT_NONE")
    }));
}
