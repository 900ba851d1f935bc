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
            let language = if matches!(extension, Some("cpp" | "hpp")) { Language::Cpp } else { Language::C };
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
