//! Whether the functions say what Fluent's own formatter says.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, anyhow, ensure};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

use crate::{Sample, languages};

/// Formats every sample by Fluent and compares; also fails when a text has no sample.
pub fn agrees(folder: &str, samples: &[fn() -> Sample]) -> Result<()> {
    let samples: Vec<_> = samples.iter().map(|sample| sample()).collect();
    for language in languages(Path::new(folder))? {
        let bundle = bundle(&Path::new(folder).join(&language.code), &language.code)?;
        let ours = samples.iter().filter(|sample| sample.language == language.code);
        let mut heard = BTreeSet::new();
        for sample in ours {
            let text = formatted(&bundle, sample).with_context(|| sample.name.to_owned())?;
            ensure!(
                text == sample.text,
                "{}{:?} is `{}`, but Fluent says `{text}`",
                sample.name,
                sample.arguments,
                sample.text
            );
            heard.insert(sample.name.to_owned());
        }
        let unheard: Vec<_> = language.texts.keys().filter(|name| !heard.contains(*name)).collect();
        ensure!(unheard.is_empty(), "not compared: {unheard:?}");
    }
    Ok(())
}

fn bundle(folder: &Path, code: &str) -> Result<FluentBundle<FluentResource>> {
    let mut bundle = FluentBundle::new(vec![code.parse().context("no language")?]);
    // Marks for mixed directions of writing, which our functions do not make.
    bundle.set_use_isolating(false);
    for path in crate::entries(folder)? {
        let source = fs::read_to_string(&path)?;
        let resource =
            FluentResource::try_new(source).map_err(|(_, errors)| anyhow!("{errors:?}"))?;
        bundle.add_resource(resource).map_err(|errors| anyhow!("{errors:?}"))?;
    }
    Ok(bundle)
}

fn formatted(bundle: &FluentBundle<FluentResource>, sample: &Sample) -> Result<String> {
    let mut arguments = FluentArgs::new();
    for (name, value) in sample.arguments {
        match value.parse::<u64>() {
            Ok(number) => arguments.set(*name, number),
            Err(_) => arguments.set(*name, *value),
        }
    }
    let (message, attribute) = sample.name.split_once('.').unwrap_or((sample.name, ""));
    let message = bundle.get_message(message).context("Fluent does not know it")?;
    let pattern = if attribute.is_empty() {
        message.value()
    } else {
        message.get_attribute(attribute).map(|attribute| attribute.value())
    };
    let mut errors = Vec::new();
    let text =
        bundle.format_pattern(pattern.context("it has no value")?, Some(&arguments), &mut errors);
    ensure!(errors.is_empty(), "{errors:?}");
    Ok(text.into_owned())
}
