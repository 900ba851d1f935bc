//! What the loader accepts, what it refuses, and where it says so.

use crate::{
    ArgumentSpec, Condition, EntryKind, FlowKind, GuardWhen, KindSet, ModelFile, Models, NodeId, PathStep, PortRoot,
    SinkKind, SourceKind,
};
use std::fmt::Write as _;

fn file<'a>(name: &'a str, text: &'a str) -> ModelFile<'a> {
    ModelFile { name, text }
}

fn one(extensible: &str, row: &str) -> String {
    format!("extensions:\n  - addsTo: {{ extensible: {extensible} }}\n    data:\n      - {row}\n")
}

/// Loads groups of one extensible and its rows each.
fn load(groups: &[(&str, &[&str])]) -> Models {
    let mut text = String::from("extensions:\n");
    for (extensible, rows) in groups {
        writeln!(text, "  - addsTo: {{ extensible: {extensible} }}\n    data:").unwrap();
        for row in *rows {
            writeln!(text, "      - {row}").unwrap();
        }
    }
    Models::load(&[file("m.yml", &text)]).unwrap()
}

/// The node behind attributes of a module.
fn at(models: &Models, dotted: &str) -> NodeId {
    models.dotted(dotted).unwrap()
}

/// Loads `marked` without its `§`, which stands where the first mistake must be reported.
#[track_caller]
fn refused(marked: &str, part: &str) {
    let (before, _) = marked.split_once('§').unwrap();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    let text = marked.replace('§', "");
    let errors = Models::load(&[file("m.yml", &text)]).unwrap_err();
    let first = errors[0].to_string();
    assert!(first.starts_with(&format!("m.yml:{line}:{column}: ")), "{first}");
    assert!(first.contains(part), "{first}");
}

#[test]
fn a_source_a_sink_and_a_flow() {
    let models = load(&[
        ("sourceModel", &[r#"["sys", "Member[argv].Element", "local"]"#]),
        ("sinkModel", &[r#"["requests", "Member[get,post].Argument[0,url:]", "request-forgery"]"#]),
        ("summaryModel", &[r#"["os.path", "Member[join]", "Argument[0..]", "ReturnValue", "taint"]"#]),
    ]);
    let argv = at(&models, "sys.argv");
    let element = models.element(argv).unwrap();
    assert_eq!(models.facts(element).sources, [SourceKind::Local]);
    assert!(models.facts(argv).sources.is_empty());
    for name in ["requests.get", "requests.post"] {
        let [(spec, node)] = models.arguments(at(&models, name)) else { panic!() };
        assert!(spec.matches_position(0) && spec.matches_name("url") && !spec.matches_position(1));
        assert_eq!(models.facts(*node).sinks, [SinkKind::RequestForgery]);
    }
    let join = at(&models, "os.path.join");
    let [flow] = models.facts(join).flows.as_slice() else { panic!() };
    assert_eq!(flow.kind, FlowKind::Taint);
    assert_eq!(flow.output.root, PortRoot::ReturnValue);
    assert_eq!(models.describe(join), "os.path.join");
    assert!(models.has_children(argv) && !models.has_children(element));
    assert_eq!(models.member(argv, "x"), None);
    assert_eq!(models.module("nowhere"), None);
}

#[test]
fn classes_types_and_bases() {
    let models = load(&[
        (
            "classModel",
            &[
                r#"["a.Base", "a", "Member[Base]"]"#,
                r#"["a.Middle", "a", "Member[Middle]", ["a.Base"]]"#,
                r#"["a.Leaf", "a", "Member[Leaf]", ["a.Middle", "b.Mixin"]]"#,
                r#"["a.Leaf", "a.alias", "Member[Leaf]"]"#,
            ],
        ),
        (
            "typeModel",
            &[
                r#"["b.Mixin", "b", "Member[mixin].ReturnValue"]"#,
                r#"["a.Leaf", "a.Base", "Member[leaf].ReturnValue"]"#,
                r#"["b.Root", "b.Mixin", ""]"#,
            ],
        ),
    ]);
    let root = |name: &str| models.type_root(name).unwrap();
    let leaf = root("a.Leaf");
    assert_eq!(models.type_name(leaf), Some("a.Leaf"));
    let names: Vec<_> = models.base_types(leaf).iter().filter_map(|t| models.type_name(*t)).collect();
    assert_eq!(names, ["a.Leaf", "a.Middle", "b.Mixin", "a.Base", "b.Root"]);
    let class = at(&models, "a.Leaf");
    assert_eq!(models.facts(class).class_of, Some(leaf));
    assert_eq!(models.class_objects(leaf), [class, at(&models, "a.alias.Leaf")]);
    for node in [models.returned(class).unwrap(), models.instance(class).unwrap()] {
        assert_eq!(models.facts(node).types, [leaf]);
    }
    let method = models.member(root("a.Base"), "leaf").unwrap();
    assert_eq!(models.facts(models.returned(method).unwrap()).types, [leaf]);
    assert_eq!(models.describe(method), "a.Base.leaf");
    assert!(models.base_types(class).is_empty());
    assert_eq!(models.type_name(class), None);
}

#[test]
fn a_type_of_a_later_file_is_a_type() {
    let first = one("sinkModel", r#"["db.Cursor", "Member[execute].Argument[0]", "sql-injection"]"#);
    let second = one("classModel", r#"["db.Cursor", "db", "Member[Cursor]"]"#);
    let models = Models::load(&[file("a.yml", &first), file("b.yml", &second)]).unwrap();
    let execute = models.member(models.type_root("db.Cursor").unwrap(), "execute").unwrap();
    assert_eq!(models.facts(models.arguments(execute)[0].1).sinks, [SinkKind::SqlInjection]);
    assert_eq!(models.member(at(&models, "db.Cursor"), "execute"), None);
}

#[test]
fn every_step_has_its_lookup() {
    let models = load(&[(
        "sourceModel",
        &[
            r#"["m", "Member[C].Subclass.Member[f].Parameter[0,request:]", "remote"]"#,
            r#"["m", "Member[g].ReturnValue.Awaited.DictionaryElement[key]", "remote"]"#,
            r#"["m", "Member[h].ReturnValue.TupleElement[1]", "remote"]"#,
            r#"["m", "Member[h].ReturnValue.Element", "local"]"#,
            r#"["m", "Member[*].Instance", "remote"]"#,
        ],
    )]);
    let remote = |node: Option<NodeId>| assert_eq!(models.facts(node.unwrap()).sources, [SourceKind::Remote]);
    let method = models.member(models.subclass(at(&models, "m.C")).unwrap(), "f").unwrap();
    let [(spec, parameter)] = models.parameters(method) else { panic!() };
    assert!(spec.matches_name("request"));
    remote(Some(*parameter));
    let dict = models.awaited(models.returned(at(&models, "m.g")).unwrap()).unwrap();
    remote(models.key(dict, "key"));
    assert_eq!(models.key(dict, "other"), None);
    let tuple = models.returned(at(&models, "m.h")).unwrap();
    remote(models.index(tuple, 1));
    assert_eq!(models.index(tuple, 0), models.element(tuple));
    remote(models.instance(at(&models, "m.anything")));
    assert_eq!(models.instance(at(&models, "m.C")), None);
}

#[test]
fn the_remaining_tables() {
    let models = load(&[
        ("typeModel", &[r#"["db.Cursor", "db", "Member[cursor].ReturnValue"]"#]),
        (
            "barrierModel",
            &[
                r#"["m", "Member[quote].ReturnValue", "html-injection,sql-injection"]"#,
                r#"["m", "Member[number].ReturnValue", "any"]"#,
            ],
        ),
        (
            "barrierGuardModel",
            &[
                r#"["m", "Member[check].Argument[0]", "true", "path-injection"]"#,
                r#"["m.T", "Member[isdigit].Argument[self]", "true", "any"]"#,
            ],
        ),
        ("neutralModel", &[r#"["m", "Member[log]", "sink"]"#, r#"["m", "Member[log]", "summary"]"#]),
        ("entryPointModel", &[r#"["m", "Member[route].Argument[0]", "http"]"#]),
        (
            "settingModel",
            &[
                r#"["m", "Member[get]", "Argument[verify:]", "false", "tls-verification-disabled"]"#,
                r#"["m", "Member[md5]", "", "call", "weak-hash"]"#,
            ],
        ),
        ("assignmentModel", &[r#"["db.Cursor", "check", "is:m.NONE", "tls-verification-disabled"]"#]),
        ("nameModel", &[r#"["execute", "Argument[0] sql-text", "db.Cursor"]"#]),
        ("decoratorModel", &[r#"["m", "Member[wraps].ReturnValue"]"#]),
        ("exitModel", &[r#"["m", "Member[abort]"]"#]),
        (
            "optionModel",
            &[
                r#"["django", "DEBUG", "true", "debug-mode"]"#,
                r#"["cors", "CREDENTIALS", "true", "cors-any-origin", "ANY", "element:one-of:*"]"#,
            ],
        ),
        ("injectedModel", &[r#"["__opts__", "db.Cursor"]"#, r#"["__jobs__", "db.Cursor", "m.jobs"]"#]),
        ("signatureModel", &[r#"["*,reply", "db.Cursor"]"#]),
        ("sinkModel", &[r#"["m", "Member[run].Argument[0]", "command-injection", "Argument[shell:] true"]"#]),
    ]);
    let facts = |dotted: &str| models.facts(at(&models, dotted));
    let quoted = models.facts(models.returned(at(&models, "m.quote")).unwrap()).barriers;
    assert!(quoted.contains(SinkKind::HtmlInjection) && quoted.contains(SinkKind::SqlInjection));
    assert!(!quoted.contains(SinkKind::PathInjection));
    assert_eq!(
        models.facts(models.returned(at(&models, "m.number")).unwrap()).barriers,
        KindSet::ALL.minus(KindSet::of(SinkKind::SecretUse).union(KindSet::of(SinkKind::ResourceAmount)))
    );
    let [guard] = facts("m.check").guards.as_slice() else { panic!() };
    assert_eq!((guard.when, guard.kinds), (GuardWhen::True, KindSet::of(SinkKind::PathInjection)));
    assert_eq!(models.injected("__opts__").unwrap().package, None);
    assert_eq!(models.injected("__jobs__").unwrap().package.as_deref(), Some("m.jobs"));
    assert!(models.injected("__other__").is_none());
    let [signature] = models.signatures() else { panic!() };
    assert_eq!(signature.parameters, ["*", "reply"]);
    assert_eq!(facts("m.T.isdigit").guards[0].argument.root, PortRoot::Receiver);
    assert!(facts("m.log").neutral_sink && facts("m.log").neutral_summary);
    let route = models.arguments(at(&models, "m.route"))[0].1;
    assert_eq!(models.facts(route).entry, Some(EntryKind::Http));
    assert!(facts("m.get").settings[0].argument.as_ref().unwrap().matches_name("verify"));
    assert_eq!(facts("m.md5").settings[0].argument, None);
    assert_eq!(facts("m.md5").settings[0].condition, Condition::Always);
    let [debug, cors] = models.options() else { panic!() };
    assert_eq!((debug.name.as_str(), &debug.condition, &debug.besides), ("DEBUG", &Condition::True, &None));
    assert!(matches!(&cors.besides, Some((name, Condition::Element(_))) if name == "ANY"));
    let cursor = models.type_root("db.Cursor").unwrap();
    let [(attribute, Condition::Is(names), check)] = models.facts(cursor).assignments.as_slice() else { panic!() };
    assert_eq!((attribute.as_str(), check.as_str()), ("check", "tls-verification-disabled"));
    assert_eq!(names[0].node, at(&models, "m.NONE"));
    assert_eq!(models.name_models("execute")[0].type_root, cursor);
    assert!(models.name_models("fetch").is_empty());
    assert!(models.facts(models.returned(at(&models, "m.wraps")).unwrap()).transparent_decorator);
    assert!(facts("m.abort").exits && !facts("m.log").exits);
    let run = models.facts(models.arguments(at(&models, "m.run"))[0].1);
    assert!(run.sinks.is_empty());
    let shell = ArgumentSpec { names: vec!["shell".into()], ..ArgumentSpec::default() };
    assert_eq!(run.conditional_sinks[0].kind, SinkKind::CommandInjection);
    assert_eq!(run.conditional_sinks[0].condition, Condition::On(shell, Box::new(Condition::True)));
}

#[test]
fn several_starts_and_higher_order_flows() {
    let models = load(&[(
        "summaryModel",
        &[r#"["a, b.c", "Member[map]", "Argument[1].Element", "Argument[0].Parameter[0]", "value"]"#],
    )]);
    for name in ["a.map", "b.c.map"] {
        let flow = &models.facts(at(&models, name)).flows[0];
        assert_eq!(flow.input.path, [PathStep::Element]);
        assert!(matches!(&flow.output.path[0], PathStep::Parameter(spec) if spec.matches_position(0)));
    }
}

#[test]
fn a_second_name_leads_to_the_first() {
    let models = load(&[
        ("sinkModel", &[r#"["old", "Member[open].Argument[0]", "path-injection"]"#]),
        (
            "aliasModel",
            &[r#"["old", "new.mod"]"#, r#"["older.moves.mod", "old"]"#, r#"["new.mod.file", "new.mod.open"]"#],
        ),
    ]);
    let open = at(&models, "new.mod.open");
    assert_eq!(models.facts(models.arguments(open)[0].1).sinks, [SinkKind::PathInjection]);
    for name in ["old.open", "older.moves.mod.open", "old.file"] {
        assert_eq!(models.dotted(name), Some(open), "{name}");
    }
    assert_eq!(models.describe(open), "new.mod.open");
}

#[test]
fn broken_files_are_refused_at_the_place() {
    refused("extensions: [\n§", "not YAML");
    refused("§- a\n", "starts with `extensions:`");
    refused("§extension:\n", "did you mean `extensions`");
    refused("extensions:\n  - §data: []\n", "`addsTo: { extensible: … }` is missing");
    refused("extensions:\n  - §addsTo: { extensible: sinkModel }\n", "`data:` is missing");
    refused("extensions:\n  - addsTo: { §extensibel: sinkModel }\n    data: []\n", "did you mean `extensible`");
    refused(&one("§sinkModell", "[]"), "did you mean `sinkModel`");
    refused(&one("sinkModel", "§x"), "a row is a list");
    refused(&one("sinkModel", r#"§["a", "b"]"#), "has 3 or 4 columns");
    refused(&one("sourceModel", r#"["a", §[], "remote"]"#), "must be text");
    refused(&one("classModel", r#"["a.B", "a", "Member[B]", §"c"]"#), "must be a list");
}

#[test]
fn wrong_words_are_refused_at_the_place() {
    for (extensible, row, part) in [
        ("sinkModel", r#"["a", "Member[b].Argument[0]", "§sql-injektion"]"#, "did you mean `sql-injection`"),
        ("sinkModel", r#"["a", "Member[b]", "xxe, §xe"]"#, "did you mean `xxe`"),
        ("sinkModel", r#"["a", "Member[b].§Argment[0]", "xxe"]"#, "did you mean `Argument`"),
        ("sinkModel", r#"["a", "Member[b].Argument[0, §x]", "xxe"]"#, "means no argument"),
        ("sinkModel", r#"["§a b", "Member[b]", "xxe"]"#, "no name of a module"),
        ("sinkModel", r#"["a,§", "Member[b]", "xxe"]"#, "no name of a module"),
        ("sinkModel", r#"["a", "Member[b]", "xxe", "§tru"]"#, "did you mean `true`"),
        ("sinkModel", r#"["a", "Member[b]", "xxe", "true and Argument[0] §tru"]"#, "did you mean `true`"),
        ("sourceModel", r#"["a", "Member[b]", "§remot"]"#, "did you mean `remote`"),
        ("summaryModel", r#"["a", "", "Argument[0]", "ReturnValue", "§tain"]"#, "did you mean `taint`"),
        ("summaryModel", r#"["a", "", "Argument[0]", "§Return", "taint"]"#, "unknown step"),
        ("summaryModel", r#"["a", "", "§ReturnValue", "ReturnValue", "taint"]"#, "can't enter by the result"),
        ("barrierModel", r#"["a", "Member[b]", "§all"]"#, "unknown sink kind"),
        ("barrierModel", r#"["a", "Member[b]", "any but xxe, §xe"]"#, "did you mean `xxe`"),
        ("barrierGuardModel", r#"["a", "Member[b].Argument[0]", "§yes", "any"]"#, "unknown outcome"),
        ("barrierGuardModel", r#"["a", "§Member[b]", "true", "any"]"#, "ends with the `Argument[…]`"),
        ("neutralModel", r#"["a", "Member[b]", "§sinks"]"#, "did you mean `sink`"),
        ("entryPointModel", r#"["a", "Member[b]", "§htp"]"#, "did you mean `http`"),
        ("settingModel", r#"["a", "Member[b]", "§x", "true", "weak-hash"]"#, "unknown step"),
        ("settingModel", r#"["a", "Member[b]", "§Member[c]", "true", "weak-hash"]"#, "one `Argument[…]`"),
        ("settingModel", r#"["a", "Member[b]", "", "call", "§Weak Hash"]"#, "no id of a check"),
        ("assignmentModel", r#"["a", "§b c", "true", "weak-hash"]"#, "no name of an attribute"),
        ("nameModel", r#"["b", "call", "§a.B"]"#, "unknown type"),
        ("nameModel", r#"["§b.c", "call", "a.B"]"#, "no name of a method"),
        ("classModel", r#"["a.Bee", "a", "Member[B]", ["§a.Bea"]]"#, "did you mean `a.Bee`"),
        (
            "aliasModel",
            r#"["a", "b"]
      - ["§b", "a"]"#,
            "has a meaning already",
        ),
        ("aliasModel", r#"["§a.", "b"]"#, "no name"),
        ("classModel", r#"["§a B", "a", "Member[B]"]"#, "no name of a type"),
        ("injectedModel", r#"["§a b", "a.B"]"#, "no name of a variable"),
        ("injectedModel", r#"["b", "§a.C"]"#, "unknown type"),
        ("signatureModel", r#"["§a b", "a.B"]"#, "no name of a parameter"),
        ("signatureModel", r#"["a,b", "§a.C"]"#, "unknown type"),
    ] {
        refused(&one(extensible, row), part);
    }
}

#[test]
fn repeated_facts_are_refused() {
    let rows = |extensible: &str, first: &str, second: &str| one(extensible, &format!("{first}\n      - §{second}"));
    let row = r#"["a", "Member[b].Argument[0]", "sql-injection"]"#;
    refused(&rows("sinkModel", row, row), "repeats m.yml:4 for `a.b`");
    let (first, second) = (r#"["a", "Member[b,c]", "sink"]"#, r#"["a", "Member[c,d]", "sink"]"#);
    refused(&rows("neutralModel", first, second), "for `a.c`");
    let (first, second) = (r#"["a.B", "a", "Member[B]"]"#, r#"["a.C", "a", "Member[B]"]"#);
    refused(&rows("classModel", first, second), "repeats m.yml:4");
    let row = one("decoratorModel", r#"["a", "Member[b]"]"#);
    let errors = Models::load(&[file("1.yml", &row), file("2.yml", &row)]).unwrap_err();
    assert_eq!((errors[0].file.as_str(), errors[0].line, errors[0].column), ("2.yml", 4, 9));
    assert!(errors[0].message.contains("1.yml:4"));
}

#[test]
fn every_mistake_is_reported_in_order() {
    let (bad, broken) = (one("sinkModel", "[\"a\", \"b\", \"c\"]\n      - []"), "extensions: [");
    let errors = Models::load(&[file("1.yml", &bad), file("2.yml", broken)]).unwrap_err();
    let places: Vec<_> = errors.iter().map(|e| (e.file.as_str(), e.line)).collect();
    assert_eq!(places, [("1.yml", 4), ("1.yml", 5), ("2.yml", 2)]);
}

#[test]
fn a_path_that_explodes_is_refused() {
    let path = ["Member[a,b,c,d,e,f,g,h]"; 12].join(".");
    refused(&one("sourceModel", &format!(r#"["a", "§{path}", "remote"]"#)), "split it");
}

/// Any change of one character, and any cut, is answered with a result.
#[test]
fn no_text_makes_the_loader_panic() {
    let text = one(
        "settingModel",
        "[\"a.B\", 'Member[b,*].Argument[0..2,é:]', Argument[x:], \"one-of:é|b and Argument[1] bits:0o7\", weak-hash]",
    );
    let characters: Vec<char> = text.chars().collect();
    for i in 0..characters.len() {
        let cut: String = characters[..i].iter().collect();
        let _ = Models::load(&[file("m.yml", &cut)]);
        for other in ['"', '[', ']', '.', ',', ':', '\n', '\t', '\0', '&', '*', '|', '-', '{', '\u{feff}', '日'] {
            let mut changed = characters.clone();
            changed[i] = other;
            let changed: String = changed.into_iter().collect();
            if let Err(errors) = Models::load(&[file("m.yml", &changed)]) {
                assert!(errors.iter().all(|e| e.line >= 1 && e.column >= 1 && !e.message.is_empty()));
            }
        }
    }
}
