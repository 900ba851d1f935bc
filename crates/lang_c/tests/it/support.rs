use assay_frontend::Frontend;
use assay_ir::{Module, verify};
use assay_text::{Files, Language, Role, SourceFile, limits};

/// Runs `f` on a thread with the stack that lowering needs.
pub(crate) fn with_stack<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let builder = std::thread::Builder::new().stack_size(limits::PARSE_STACK_BYTES);
    builder.spawn(f).expect("a thread").join().expect("no panic")
}

/// Lowers one file of a project and checks that the result is well-formed.
pub(crate) fn lower_in(files: &[(&str, &str)], path: &str) -> Module {
    let mut files: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| {
            let extension = path.rsplit('.').next();
            let language = match extension {
                Some("cpp" | "hpp") => Language::Cpp,
                Some("json") => Language::Manifest,
                _ => Language::C,
            };
            SourceFile::new(path, language, Role::FirstParty, *text)
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let path = path.to_owned();
    with_stack(move || {
        let files = Files::new(files);
        let file = files.by_path(&path).expect("the file is there");
        let cpp = files.get(file).language == Language::Cpp;
        let frontend = if cpp { assay_lang_c::CPP } else { assay_lang_c::C };
        let module = frontend.project(&files).lower(file);
        assert_eq!(verify(&module), Ok(()), "{path}");
        module
    })
}

/// Lowers a file of C.
pub(crate) fn lower(text: &str) -> Module {
    lower_in(&[("a.c", text)], "a.c")
}

/// Lowers a file of C++.
pub(crate) fn lower_cpp(text: &str) -> Module {
    lower_in(&[("a.cpp", text)], "a.cpp")
}

/// The code of a function, without gaps anywhere.
pub(crate) fn code(module: &Module, name: &str) -> String {
    assert_eq!(module.gaps, [], "{name}");
    let found = module.functions.iter_enumerated().find(|(_, f)| module.strings.resolve(f.qualified) == name);
    let (id, _) = found.unwrap_or_else(|| panic!("no function {name}"));
    assay_ir::text_form::print_function(module, id)
}

/// The qualified names of all functions.
pub(crate) fn names(module: &Module) -> Vec<&str> {
    module.functions.iter().skip(1).map(|f| module.strings.resolve(f.qualified)).collect()
}

/// The names of what a function calls, in the order of its code.
pub(crate) fn calls(module: &Module, name: &str) -> Vec<String> {
    use assay_ir::{MemoryOp, Op};
    let Some(function) = module.functions.iter().find(|f| module.strings.resolve(f.qualified) == name) else {
        panic!("no function {name}")
    };
    let called = |inst: &assay_ir::Inst| {
        let Op::Call { func, .. } = &inst.op else { return None };
        match function.op(*func) {
            Op::Memory(MemoryOp::Address(object)) => {
                Some(module.strings.resolve(module.objects[*object].name).to_owned())
            }
            _ => Some("?".to_owned()),
        }
    };
    let order = function.blocks.iter().flat_map(|block| &block.insts);
    order.filter_map(|value| called(&function.insts[*value])).collect()
}

/// The types of a module as text, for looking at records.
pub(crate) fn record(module: &Module, name: &str) -> assay_ir::Record {
    let found = module.types.iter_enumerated().find_map(|(id, _)| {
        module.types.record(id).filter(|record| module.strings.resolve(record.name) == name).cloned()
    });
    found.unwrap_or_else(|| panic!("no record {name}"))
}
