//! `assay surface`.

use crate::args::{DatabaseArgs, Scope, SurfaceArgs};
use crate::{outputs, review, terminal};
use assay_report::{Options, SurfaceFilter};

/// Lists the entry points.
pub(crate) fn surface(arguments: &SurfaceArgs) -> anyhow::Result<u8> {
    let setting = &arguments.setting;
    let scope = Scope {
        paths: arguments.paths.clone(),
        areas: Vec::new(),
        checks: Vec::new(),
        severity: None,
        confidence: None,
        threat: None,
        config: setting.config.clone(),
        no_config: setting.no_config,
        database: DatabaseArgs { database: None },
        cache: setting.cache.clone(),
        running: setting.running,
    };
    let mut request = review::request(&scope);
    request.effects = true;
    let reviewed = review::run(&scope, &request)?;
    let filter = SurfaceFilter {
        channels: arguments.channels.clone(),
        methods: arguments.methods.iter().map(|method| method.to_ascii_uppercase()).collect(),
        routes: arguments.routes.clone(),
        paths: arguments.patterns.clone(),
        effects: arguments.effects.clone(),
        unguarded: arguments.unguarded,
        tests: arguments.include_tests,
    };
    let color = arguments.output.is_none() && terminal::color(scope.running.color);
    let options =
        Options { color, width: terminal::WIDTH, verbose: true, include_tests: arguments.include_tests, date: None };
    let mut bytes = Vec::new();
    assay_report::render_surface(&reviewed.review, arguments.format, &filter, &options, &mut bytes)?;
    outputs::write(arguments.output.as_deref(), &bytes)?;
    review::say(&scope, &reviewed);
    Ok(0)
}
