//! What the templates say, with their intrinsic functions resolved as for a stage named `local`:
//! functions and what wakes them, tables, buckets, buses, and the headers of the site.
//! Anything read here that this machine would do differently from AWS is an error, not a guess.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Map, Value as Json, json};
use serde_yaml_ng::Value as Yaml;

use crate::pattern::Pattern;
use crate::permissions::Permission;
use crate::schedules::Expression;

/// Where the template pretends to be deployed.
pub(crate) const REGION: &str = "eu-west-3";
/// The account in ARNs and events.
pub(crate) const ACCOUNT: &str = "000000000000";

/// Why the template cannot be served here.
#[derive(Debug, thiserror::Error)]
#[error("{at} : {why}")]
pub struct TemplateError {
    at: String,
    why: String,
}

impl TemplateError {
    fn new(at: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            why: why.into(),
        }
    }
}

type Result<T> = std::result::Result<T, TemplateError>;

/// The template, read.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) functions: Vec<Function>,
    pub(crate) tables: Vec<Table>,
    pub(crate) buckets: Vec<String>,
    pub(crate) buses: Vec<String>,
    /// The set of mails whose fates SES tells the default bus.
    pub(crate) told_mails: Option<String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) site_headers: Vec<(String, String)>,
}

/// One Lambda and what wakes it.
#[derive(Debug)]
pub(crate) struct Function {
    /// The zip or folder of its `CodeUri`, without its extension.
    pub(crate) name: String,
    pub(crate) timeout: Duration,
    pub(crate) environment: BTreeMap<String, String>,
    /// What its policy lists: actions, each on one resource.
    pub(crate) permissions: BTreeSet<Permission>,
    pub(crate) routes: Vec<Route>,
    pub(crate) schedules: Vec<Schedule>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) streams: Vec<Stream>,
}

/// A method (or `ANY`) and a path with `{parameters}`.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
}

#[derive(Debug)]
pub(crate) struct Schedule {
    /// Unique in the template: logical id of the function, name of the event.
    pub(crate) name: String,
    pub(crate) expression: Expression,
    /// `ScheduleV2`: EventBridge Scheduler and its own payload. Otherwise an EventBridge rule.
    pub(crate) scheduler: bool,
    pub(crate) input: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) bus: String,
    pub(crate) pattern: Pattern,
}

#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) table: String,
    pub(crate) batch_size: usize,
    pub(crate) reports_failures: bool,
    /// Tries in all before the record is parked.
    pub(crate) tries: u32,
    /// Records that match none are accepted without waking the function.
    pub(crate) filters: Vec<Pattern>,
}

#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// The body of `CreateTable`, without streams.
    pub(crate) create: Json,
    pub(crate) time_to_live: Option<String>,
    pub(crate) stream_arn: String,
}

impl Table {
    /// Names of the key attributes, partition key first.
    pub(crate) fn key_names(&self) -> Vec<String> {
        key_names(&self.create)
    }
}

fn key_names(create: &Json) -> Vec<String> {
    create["KeySchema"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|key| key["AttributeName"].as_str().map(str::to_owned))
        .collect()
}

impl Template {
    /// Reads templates that are deployed one after the other: the outputs of the earlier ones are
    /// given to the later ones as the parameters of the same names. `parameters` are given as at a
    /// deployment. `overrides` are environment variables given from outside: what a template says
    /// of them is not resolved.
    pub(crate) fn parse(
        texts: &[impl AsRef<str>],
        parameters: &BTreeMap<String, String>,
        overrides: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let mut document = Yaml::Mapping(serde_yaml_ng::Mapping::new());
        for text in texts {
            let mut part: Yaml = serde_yaml_ng::from_str(text.as_ref())
                .map_err(|cause| TemplateError::new("template", cause.to_string()))?;
            part.apply_merge()
                .map_err(|cause| TemplateError::new("template", cause.to_string()))?;
            join(&mut document, part);
        }
        Reader::new(&document, parameters)?.read(overrides)
    }
}

/// Adds the sections of one template to those of others.
fn join(document: &mut Yaml, part: Yaml) {
    let (Yaml::Mapping(document), Yaml::Mapping(part)) = (document, part) else {
        return;
    };
    for (section, content) in part {
        match (document.get_mut(&section), content) {
            (Some(Yaml::Mapping(there)), Yaml::Mapping(content)) => there.extend(content),
            (_, content) => {
                document.insert(section, content);
            }
        }
    }
}

struct Reader<'a> {
    document: &'a Yaml,
    parameters: BTreeMap<String, Json>,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Yaml, given: &BTreeMap<String, String>) -> Result<Self> {
        let mut reader = Self {
            document,
            parameters: BTreeMap::new(),
        };
        for (name, parameter) in entries(document.get("Parameters")) {
            if let Some(default) = parameter.get("Default") {
                let at = format!("Parameters.{name}");
                if let Some(value) = reader.resolve(default, &at)? {
                    reader.parameters.insert(name.to_owned(), value);
                }
            }
        }
        reader.parameters.insert("Stage".to_owned(), json!("local"));
        for (name, value) in given {
            reader.parameters.insert(name.clone(), json!(value));
        }
        Ok(reader)
    }

    fn read(&self, overrides: &BTreeMap<String, String>) -> Result<Template> {
        let mut template = Template {
            functions: Vec::new(),
            tables: Vec::new(),
            buckets: Vec::new(),
            buses: Vec::new(),
            told_mails: None,
            environment: BTreeMap::new(),
            site_headers: Vec::new(),
        };
        let globals = self
            .document
            .get("Globals")
            .and_then(|globals| globals.get("Function"));
        template.environment =
            self.environment(globals, "Globals.Function", &BTreeMap::new(), overrides)?;
        for (id, resource) in entries(self.document.get("Resources")) {
            if !self.exists(resource, id)? {
                continue;
            }
            match kind(resource) {
                "AWS::Serverless::Function" => {
                    let function =
                        self.function(id, resource, globals, &template.environment, overrides)?;
                    template.functions.push(function);
                }
                "AWS::DynamoDB::Table" => template.tables.push(self.table(id, resource)?),
                "AWS::S3::Bucket" => template.buckets.push(self.physical_name(id)?),
                "AWS::Events::EventBus" => template.buses.push(self.physical_name(id)?),
                "AWS::SES::ConfigurationSetEventDestination" => {
                    let set = properties(resource).and_then(|it| it.get("ConfigurationSetName"));
                    template.told_mails = set
                        .map(|set| self.text(set, &format!("{id}.ConfigurationSetName")))
                        .transpose()?;
                }
                "AWS::CloudFront::ResponseHeadersPolicy" => {
                    template.site_headers = self.site_headers(id, resource)?;
                }
                _ => {}
            }
        }
        self.check(&template)?;
        for function in &template.functions {
            for (name, value) in &function.environment {
                template
                    .environment
                    .entry(name.clone())
                    .or_insert_with(|| value.clone());
            }
        }
        for (name, value) in overrides {
            template.environment.insert(name.clone(), value.clone());
        }
        Ok(template)
    }

    /// What no single resource can see is wrong.
    fn check(&self, template: &Template) -> Result<()> {
        let mut routes = BTreeMap::new();
        let mut names = BTreeMap::new();
        let mut readers = BTreeMap::new();
        for function in &template.functions {
            let at = format!("fonction {}", function.name);
            if names.insert(&function.name, ()).is_some() {
                return Err(TemplateError::new(at, "deux fonctions portent ce nom"));
            }
            for route in &function.routes {
                if routes.insert((&route.method, &route.path), ()).is_some() {
                    let route = format!("{} {}", route.method, route.path);
                    return Err(TemplateError::new(
                        at,
                        format!("la route {route} a déjà une fonction"),
                    ));
                }
            }
            for rule in &function.rules {
                if rule.bus != "default" && !template.buses.contains(&rule.bus) {
                    return Err(TemplateError::new(
                        at,
                        format!("bus inconnu : {}", rule.bus),
                    ));
                }
            }
            for stream in &function.streams {
                let table = template
                    .tables
                    .iter()
                    .find(|table| table.name == stream.table)
                    .ok_or_else(|| {
                        TemplateError::new(
                            &at,
                            format!("flux d'une table inconnue : {}", stream.table),
                        )
                    })?;
                if readers.insert(&stream.table, ()).is_some() {
                    return Err(TemplateError::new(
                        at,
                        format!(
                            "deux fonctions lisent le flux de {} ; ici une seule peut",
                            table.name
                        ),
                    ));
                }
                if table.time_to_live.is_none() {
                    // The local stand-in for a stream deletes what was read. Only a table whose
                    // items go away by themselves on AWS may be treated so.
                    return Err(TemplateError::new(
                        at,
                        format!(
                            "la table {} a un flux mais pas de TimeToLiveSpecification : ici le flux n'est imité que pour une boîte d'envoi",
                            table.name
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    fn function(
        &self,
        id: &str,
        resource: &Yaml,
        globals: Option<&Yaml>,
        shared: &BTreeMap<String, String>,
        overrides: &BTreeMap<String, String>,
    ) -> Result<Function> {
        let properties = properties(resource);
        let name = self.function_name(id, properties)?;
        let timeout = properties
            .and_then(|it| it.get("Timeout"))
            .or_else(|| globals.and_then(|it| it.get("Timeout")));
        let timeout = match timeout {
            Some(value) => self.number(value, &format!("{id}.Timeout"))?.clamp(1, 900),
            None => 3,
        };
        let mut function = Function {
            environment: self.environment(properties, id, shared, overrides)?,
            permissions: self.permissions(properties, id)?,
            timeout: Duration::from_secs(timeout),
            routes: Vec::new(),
            schedules: Vec::new(),
            rules: Vec::new(),
            streams: Vec::new(),
            name,
        };
        for (event, declared) in entries(properties.and_then(|it| it.get("Events"))) {
            self.event(
                &mut function,
                &format!("{id}.Events.{event}"),
                event,
                id,
                declared,
            )?;
        }
        Ok(function)
    }

    /// The statements of its own policies. A managed policy's name grants nothing here.
    fn permissions(&self, properties: Option<&Yaml>, id: &str) -> Result<BTreeSet<Permission>> {
        let at = format!("{id}.Policies");
        let mut permissions = BTreeSet::new();
        let policies = properties.and_then(|it| it.get("Policies"));
        let statements = policies
            .and_then(Yaml::as_sequence)
            .into_iter()
            .flatten()
            .filter_map(|policy| policy.get("Statement")?.as_sequence())
            .flatten();
        for statement in statements {
            if statement.get("Effect").and_then(Yaml::as_str) != Some("Allow") {
                return Err(TemplateError::new(at, "seul Effect: Allow est lu ici"));
            }
            let list = |name: &str| -> Result<Vec<String>> {
                let value = statement.get(name).unwrap_or(&Yaml::Null);
                match self.resolve(value, &at)? {
                    Some(Json::Array(items)) => {
                        items.iter().map(|item| scalar(item, &at)).collect()
                    }
                    Some(one) => Ok(vec![scalar(&one, &at)?]),
                    None => Ok(Vec::new()),
                }
            };
            let (actions, resources) = (list("Action")?, list("Resource")?);
            for action in actions {
                let on = |resource: &String| (action.clone(), resource.clone());
                permissions.extend(resources.iter().map(on));
            }
        }
        Ok(permissions)
    }

    /// The binary's name: the zip or the folder that `CodeUri` names.
    fn function_name(&self, id: &str, properties: Option<&Yaml>) -> Result<String> {
        let at = format!("{id}.CodeUri");
        let code = properties
            .and_then(|it| it.get("CodeUri"))
            .ok_or_else(|| TemplateError::new(&at, "absent"))?;
        let code = self.text(code, &at)?;
        code.trim_end_matches(".zip")
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| TemplateError::new(at, "vide"))
    }

    fn event(
        &self,
        function: &mut Function,
        at: &str,
        event: &str,
        id: &str,
        declared: &Yaml,
    ) -> Result<()> {
        let empty = Yaml::Mapping(serde_yaml_ng::Mapping::new());
        let properties = declared.get("Properties").unwrap_or(&empty);
        let optional = |name: &str| -> Result<Option<Json>> {
            match properties.get(name) {
                Some(value) => self.resolve(value, &format!("{at}.{name}")),
                None => Ok(None),
            }
        };
        let required = |name: &str| -> Result<String> {
            optional(name)?
                .as_ref()
                .and_then(Json::as_str)
                .map(str::to_owned)
                .ok_or_else(|| TemplateError::new(format!("{at}.{name}"), "absent ou pas un texte"))
        };
        match kind(declared) {
            "HttpApi" => {
                if optional("PayloadFormatVersion")?.is_some_and(|it| it != "2.0") {
                    return Err(TemplateError::new(
                        at,
                        "seule la version 2.0 de la charge est servie",
                    ));
                }
                let method = required("Method")?.to_ascii_uppercase();
                function.routes.push(Route {
                    method: if method == "*" {
                        "ANY".to_owned()
                    } else {
                        method
                    },
                    path: required("Path")?,
                });
            }
            version @ ("Schedule" | "ScheduleV2") => {
                let scheduler = version == "ScheduleV2";
                let disabled = optional("State")?.is_some_and(|state| state == "DISABLED")
                    || optional("Enabled")?.is_some_and(|enabled| enabled == false);
                if disabled {
                    return Ok(());
                }
                let expression = required(if scheduler {
                    "ScheduleExpression"
                } else {
                    "Schedule"
                })?;
                let zone = optional("ScheduleExpressionTimezone")?;
                let expression =
                    Expression::parse(&expression, zone.as_ref().and_then(Json::as_str))
                        .map_err(|cause| TemplateError::new(at, cause.to_string()))?;
                let input = match optional("Input")? {
                    Some(Json::String(text)) => Some(text),
                    Some(other) => Some(other.to_string()),
                    None => None,
                };
                function.schedules.push(Schedule {
                    name: format!("{id}{event}"),
                    expression,
                    scheduler,
                    input,
                });
            }
            "EventBridgeRule" | "CloudWatchEvent" => {
                for unsupported in ["Input", "InputPath", "InputTransformer"] {
                    if optional(unsupported)?.is_some() {
                        return Err(TemplateError::new(
                            at,
                            format!("{unsupported} n'est pas servi ici"),
                        ));
                    }
                }
                if optional("State")?.is_some_and(|state| state == "DISABLED") {
                    return Ok(());
                }
                let bus = match optional("EventBusName")? {
                    Some(Json::String(name)) => bus_name(&name).to_owned(),
                    _ => "default".to_owned(),
                };
                let pattern = optional("Pattern")?
                    .ok_or_else(|| TemplateError::new(format!("{at}.Pattern"), "absent"))?;
                function.rules.push(Rule {
                    name: format!("{id}{event}"),
                    bus,
                    pattern: Pattern::parse(&pattern)
                        .map_err(|why| TemplateError::new(format!("{at}.Pattern"), why))?,
                });
            }
            "DynamoDB" => {
                let stream = required("Stream")?;
                let table = stream
                    .split_once(":table/")
                    .and_then(|(_, rest)| rest.split_once("/stream/"))
                    .map(|(table, _)| table.to_owned())
                    .ok_or_else(|| {
                        TemplateError::new(at, format!("pas l'adresse d'un flux : {stream}"))
                    })?;
                let reports_failures = optional("FunctionResponseTypes")?
                    .is_some_and(|types| types == json!(["ReportBatchItemFailures"]));
                let batch_size = optional("BatchSize")?
                    .and_then(|size| size.as_u64())
                    .and_then(|size| usize::try_from(size).ok())
                    .unwrap_or(100);
                // AWS may be told to try for a day, or for ever; here eight tries are enough to see
                // that something is broken.
                let tries = optional("MaximumRetryAttempts")?
                    .and_then(|tries| tries.as_u64())
                    .and_then(|tries| u32::try_from(tries).ok())
                    .map_or(8, |retries| retries.saturating_add(1).min(8));
                let mut filters = Vec::new();
                for filter in optional("FilterCriteria")?
                    .and_then(|criteria| criteria["Filters"].as_array().cloned())
                    .unwrap_or_default()
                {
                    let pattern = filter["Pattern"].as_str().unwrap_or_default();
                    let pattern = serde_json::from_str(pattern).map_err(|cause| {
                        TemplateError::new(format!("{at}.FilterCriteria"), cause.to_string())
                    })?;
                    filters.push(
                        Pattern::parse(&pattern).map_err(|why| {
                            TemplateError::new(format!("{at}.FilterCriteria"), why)
                        })?,
                    );
                }
                function.streams.push(Stream {
                    table,
                    batch_size: batch_size.max(1),
                    reports_failures,
                    tries: tries.max(1),
                    filters,
                });
            }
            other => {
                return Err(TemplateError::new(
                    at,
                    format!("le type d'événement {other} n'est pas servi ici"),
                ));
            }
        }
        Ok(())
    }

    fn environment(
        &self,
        properties: Option<&Yaml>,
        at: &str,
        shared: &BTreeMap<String, String>,
        overrides: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        let mut environment = shared.clone();
        let variables = properties
            .and_then(|it| it.get("Environment"))
            .and_then(|it| it.get("Variables"));
        for (name, value) in entries(variables) {
            if let Some(given) = overrides.get(name) {
                environment.insert(name.to_owned(), given.clone());
                continue;
            }
            let at = format!("{at}.Environment.Variables.{name}");
            if let Some(value) = self.resolve(value, &at)? {
                environment.insert(name.to_owned(), scalar(&value, &at)?);
            }
        }
        Ok(environment)
    }

    fn table(&self, id: &str, resource: &Yaml) -> Result<Table> {
        let name = self.physical_name(id)?;
        let at = format!("{id}.Properties");
        let empty = Yaml::Mapping(serde_yaml_ng::Mapping::new());
        let declared = properties(resource).unwrap_or(&empty);
        let mut create = Map::new();
        create.insert("TableName".to_owned(), json!(name));
        create.insert("BillingMode".to_owned(), json!("PAY_PER_REQUEST"));
        for part in [
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes",
        ] {
            if let Some(value) = declared.get(part)
                && let Some(value) = self.resolve(value, &format!("{at}.{part}"))?
            {
                create.insert(part.to_owned(), value);
            }
        }
        if let Some(indexes) = create
            .get_mut("GlobalSecondaryIndexes")
            .and_then(Json::as_array_mut)
        {
            for index in indexes {
                if let Some(index) = index.as_object_mut() {
                    index.remove("ProvisionedThroughput");
                    index.remove("OnDemandThroughput");
                }
            }
        }
        let create = Json::Object(create);
        if key_names(&create).is_empty() {
            return Err(TemplateError::new(at, "KeySchema absent"));
        }
        let time_to_live = match declared.get("TimeToLiveSpecification") {
            Some(value) => self
                .resolve(value, &at)?
                .filter(|it| it["Enabled"] == true)
                .and_then(|it| it["AttributeName"].as_str().map(str::to_owned)),
            None => None,
        };
        Ok(Table {
            stream_arn: stream_arn(&name),
            name,
            create,
            time_to_live,
        })
    }

    /// What CloudFront adds to the site's answers. HSTS makes no sense on plain HTTP.
    fn site_headers(&self, id: &str, resource: &Yaml) -> Result<Vec<(String, String)>> {
        let Some(config) =
            properties(resource).and_then(|it| it.get("ResponseHeadersPolicyConfig"))
        else {
            return Ok(Vec::new());
        };
        let mut headers = Vec::new();
        if let Some(security) = config.get("SecurityHeadersConfig") {
            let security = self.resolve(security, id)?.unwrap_or_default();
            for (header, value) in [
                (
                    "content-security-policy",
                    security["ContentSecurityPolicy"]["ContentSecurityPolicy"].as_str(),
                ),
                (
                    "x-frame-options",
                    security["FrameOptions"]["FrameOption"].as_str(),
                ),
                (
                    "referrer-policy",
                    security["ReferrerPolicy"]["ReferrerPolicy"].as_str(),
                ),
                (
                    "x-content-type-options",
                    security.get("ContentTypeOptions").map(|_| "nosniff"),
                ),
            ] {
                if let Some(value) = value {
                    headers.push((header.to_owned(), value.to_owned()));
                }
            }
        }
        if let Some(custom) = config.get("CustomHeadersConfig") {
            let custom = self.resolve(custom, id)?.unwrap_or_default();
            for item in custom["Items"].as_array().into_iter().flatten() {
                if let (Some(header), Some(value)) =
                    (item["Header"].as_str(), item["Value"].as_str())
                {
                    headers.push((header.to_ascii_lowercase(), value.to_owned()));
                }
            }
        }
        Ok(headers)
    }

    /// Whether the resource's `Condition` holds.
    fn exists(&self, resource: &Yaml, id: &str) -> Result<bool> {
        match resource.get("Condition").and_then(Yaml::as_str) {
            Some(condition) => self.condition(condition, id),
            None => Ok(true),
        }
    }

    fn condition(&self, name: &str, at: &str) -> Result<bool> {
        let declared = self
            .document
            .get("Conditions")
            .and_then(|conditions| conditions.get(name))
            .ok_or_else(|| TemplateError::new(at, format!("condition inconnue : {name}")))?;
        let at = format!("Conditions.{name}");
        match self.resolve(declared, &at)? {
            Some(Json::Bool(holds)) => Ok(holds),
            _ => Err(TemplateError::new(at, "n'est pas une condition")),
        }
    }

    fn resource(&self, id: &str) -> Option<&'a Yaml> {
        self.document.get("Resources")?.get(id)
    }

    /// The name the resource has on this machine: its own, or its logical id in kebab case.
    fn physical_name(&self, id: &str) -> Result<String> {
        let Some(resource) = self.resource(id) else {
            return Err(TemplateError::new(id, "ressource inconnue"));
        };
        let property = match kind(resource) {
            "AWS::DynamoDB::Table" => "TableName",
            "AWS::S3::Bucket" => "BucketName",
            "AWS::Events::EventBus" | "AWS::SES::ConfigurationSet" => "Name",
            "AWS::Serverless::Function" => "FunctionName",
            "AWS::SQS::Queue" => "QueueName",
            _ => return Ok(kebab(id)),
        };
        match properties(resource).and_then(|it| it.get(property)) {
            Some(name) => self.text(name, &format!("{id}.{property}")),
            None => Ok(kebab(id)),
        }
    }

    fn text(&self, value: &Yaml, at: &str) -> Result<String> {
        match self.resolve(value, at)? {
            Some(value) => scalar(&value, at),
            None => Err(TemplateError::new(at, "sans valeur")),
        }
    }

    fn number(&self, value: &Yaml, at: &str) -> Result<u64> {
        self.text(value, at)?
            .parse()
            .map_err(|_| TemplateError::new(at, "n'est pas un nombre"))
    }

    /// The value without intrinsic functions; `None` is `AWS::NoValue`.
    fn resolve(&self, value: &Yaml, at: &str) -> Result<Option<Json>> {
        match value {
            Yaml::Null => Ok(Some(Json::Null)),
            Yaml::Bool(it) => Ok(Some(json!(it))),
            Yaml::String(it) => Ok(Some(json!(it))),
            Yaml::Number(it) => {
                Ok(Some(serde_json::to_value(it).map_err(|cause| {
                    TemplateError::new(at, cause.to_string())
                })?))
            }
            Yaml::Sequence(items) => {
                let mut resolved = Vec::with_capacity(items.len());
                for item in items {
                    resolved.extend(self.resolve(item, at)?);
                }
                Ok(Some(Json::Array(resolved)))
            }
            Yaml::Tagged(tagged) => {
                let name = tagged.tag.to_string();
                self.intrinsic(name.trim_start_matches('!'), &tagged.value, at)
            }
            Yaml::Mapping(mapping) => {
                if mapping.len() == 1
                    && let Some((Yaml::String(name), argument)) = mapping.iter().next()
                {
                    if name == "Ref" || name == "Condition" {
                        return self.intrinsic(name, argument, at);
                    }
                    if let Some(name) = name.strip_prefix("Fn::") {
                        return self.intrinsic(name, argument, at);
                    }
                }
                let mut resolved = Map::new();
                for (name, value) in mapping {
                    let Some(name) = name.as_str() else {
                        return Err(TemplateError::new(at, "une clé n'est pas un texte"));
                    };
                    if let Some(value) = self.resolve(value, &format!("{at}.{name}"))? {
                        resolved.insert(name.to_owned(), value);
                    }
                }
                Ok(Some(Json::Object(resolved)))
            }
        }
    }

    fn intrinsic(&self, name: &str, argument: &Yaml, at: &str) -> Result<Option<Json>> {
        match name {
            "Ref" => {
                let id = argument
                    .as_str()
                    .ok_or_else(|| TemplateError::new(at, "!Ref attend un nom"))?;
                self.reference(id, at)
            }
            "GetAtt" => {
                let path = match argument {
                    Yaml::String(path) => path.clone(),
                    other => self
                        .list(other, at)?
                        .iter()
                        .filter_map(Json::as_str)
                        .collect::<Vec<_>>()
                        .join("."),
                };
                self.attribute(&path, at).map(|value| Some(json!(value)))
            }
            "Sub" => self.substitute(argument, at).map(|text| Some(json!(text))),
            "Join" => {
                let list = self.list(argument, at)?;
                let [Json::String(separator), Json::Array(parts)] = list.as_slice() else {
                    return Err(TemplateError::new(
                        at,
                        "!Join attend un séparateur et une liste",
                    ));
                };
                let parts = parts
                    .iter()
                    .map(|part| scalar(part, at))
                    .collect::<Result<Vec<_>>>()?;
                Ok(Some(json!(parts.join(separator))))
            }
            "Split" => {
                let list = self.list(argument, at)?;
                let [Json::String(separator), Json::String(text)] = list.as_slice() else {
                    return Err(TemplateError::new(
                        at,
                        "!Split attend un séparateur et un texte",
                    ));
                };
                Ok(Some(json!(text.split(separator).collect::<Vec<_>>())))
            }
            "Select" => {
                let list = self.list(argument, at)?;
                let [index, Json::Array(parts)] = list.as_slice() else {
                    return Err(TemplateError::new(
                        at,
                        "!Select attend un rang et une liste",
                    ));
                };
                let index: usize = scalar(index, at)?
                    .parse()
                    .map_err(|_| TemplateError::new(at, "!Select attend un rang"))?;
                parts
                    .get(index)
                    .cloned()
                    .map(Some)
                    .ok_or_else(|| TemplateError::new(at, "!Select : rang hors de la liste"))
            }
            "If" => {
                let Some([Yaml::String(condition), then, otherwise]) =
                    argument.as_sequence().map(Vec::as_slice)
                else {
                    return Err(TemplateError::new(
                        at,
                        "!If attend une condition et deux valeurs",
                    ));
                };
                let chosen = if self.condition(condition, at)? {
                    then
                } else {
                    otherwise
                };
                self.resolve(chosen, at)
            }
            "FindInMap" => {
                let list = self.list(argument, at)?;
                let mut found = self.document.get("Mappings");
                for key in &list {
                    let key = scalar(key, at)?;
                    found = found.and_then(|it| it.get(key.as_str()));
                }
                match found {
                    Some(value) => self.resolve(value, at),
                    None => Err(TemplateError::new(at, "!FindInMap ne trouve rien")),
                }
            }
            "Condition" => {
                let name = argument
                    .as_str()
                    .ok_or_else(|| TemplateError::new(at, "!Condition attend un nom"))?;
                self.condition(name, at).map(|holds| Some(json!(holds)))
            }
            "Equals" => {
                let list = self.list(argument, at)?;
                let [left, right] = list.as_slice() else {
                    return Err(TemplateError::new(at, "!Equals attend deux valeurs"));
                };
                Ok(Some(json!(scalar(left, at)? == scalar(right, at)?)))
            }
            "Not" | "And" | "Or" => {
                let mut holds = Vec::new();
                for value in self.list(argument, at)? {
                    holds.push(value.as_bool().ok_or_else(|| {
                        TemplateError::new(at, format!("!{name} attend des conditions"))
                    })?);
                }
                Ok(Some(json!(match name {
                    "Not" => !holds.iter().all(|it| *it),
                    "And" => holds.iter().all(|it| *it),
                    _ => holds.iter().any(|it| *it),
                })))
            }
            other => Err(TemplateError::new(
                at,
                format!("fonction intrinsèque inconnue ici : {other}"),
            )),
        }
    }

    fn list(&self, argument: &Yaml, at: &str) -> Result<Vec<Json>> {
        match self.resolve(argument, at)? {
            Some(Json::Array(items)) => Ok(items),
            _ => Err(TemplateError::new(at, "une liste est attendue")),
        }
    }

    fn reference(&self, id: &str, at: &str) -> Result<Option<Json>> {
        if let Some(value) = self.parameters.get(id) {
            return Ok(Some(value.clone()));
        }
        let pseudo = match id {
            "AWS::NoValue" => return Ok(None),
            "AWS::Region" => REGION,
            "AWS::AccountId" => ACCOUNT,
            "AWS::Partition" => "aws",
            "AWS::URLSuffix" => "amazonaws.com",
            "AWS::StackName" => "local",
            "AWS::StackId" => "arn:aws:cloudformation:eu-west-3:000000000000:stack/local/local",
            // A queue is called by its address.
            _ if self
                .resource(id)
                .is_some_and(|it| kind(it) == "AWS::SQS::Queue") =>
            {
                let name = self.physical_name(id)?;
                let address = format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}");
                return Ok(Some(json!(address)));
            }
            _ if self.resource(id).is_some() => {
                return self.physical_name(id).map(|name| Some(json!(name)));
            }
            _ => {
                let output = self.document.get("Outputs").and_then(|it| it.get(id));
                if let Some(value) = output.and_then(|output| output.get("Value")) {
                    return self.resolve(value, at);
                }
                let declared = self
                    .document
                    .get("Parameters")
                    .is_some_and(|parameters| parameters.get(id).is_some());
                let why = if declared {
                    format!("le paramètre {id} n'a pas de valeur par défaut")
                } else {
                    format!("{id} n'existe pas")
                };
                return Err(TemplateError::new(at, why));
            }
        };
        Ok(Some(json!(pseudo)))
    }

    fn attribute(&self, path: &str, at: &str) -> Result<String> {
        let (id, attribute) = path
            .split_once('.')
            .ok_or_else(|| TemplateError::new(at, format!("!GetAtt {path} n'a pas d'attribut")))?;
        let resource = self
            .resource(id)
            .ok_or_else(|| TemplateError::new(at, format!("{id} n'existe pas")))?;
        let name = self.physical_name(id)?;
        Ok(match (kind(resource), attribute) {
            ("AWS::DynamoDB::Table", "StreamArn") => stream_arn(&name),
            ("AWS::DynamoDB::Table", "Arn") => table_arn(&name),
            ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{name}"),
            ("AWS::S3::Bucket", "DomainName") => format!("{name}.s3.amazonaws.com"),
            ("AWS::S3::Bucket", "RegionalDomainName") => {
                format!("{name}.s3.{REGION}.amazonaws.com")
            }
            ("AWS::Events::EventBus", "Name") => name,
            ("AWS::Events::EventBus", "Arn") => {
                format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}")
            }
            ("AWS::Serverless::Function", "Arn") => {
                format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
            }
            (other, "Arn") => {
                let service = other
                    .split("::")
                    .nth(1)
                    .unwrap_or("local")
                    .to_ascii_lowercase();
                format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{name}")
            }
            (other, _) => {
                return Err(TemplateError::new(
                    at,
                    format!(
                        "{path} n'est pas connu ici ({other}) ; donnez cette variable à LocalSettings::environment"
                    ),
                ));
            }
        })
    }

    fn substitute(&self, argument: &Yaml, at: &str) -> Result<String> {
        let (text, own) = match argument {
            Yaml::String(text) => (text.as_str(), None),
            Yaml::Sequence(parts) => match parts.as_slice() {
                [Yaml::String(text), own] => (text.as_str(), Some(own)),
                _ => {
                    return Err(TemplateError::new(
                        at,
                        "!Sub attend un texte et ses valeurs",
                    ));
                }
            },
            _ => return Err(TemplateError::new(at, "!Sub attend un texte")),
        };
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            result.push_str(before);
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| TemplateError::new(at, "!Sub : accolade jamais fermée"))?;
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str(&format!("${{{literal}}}"));
            } else if let Some(value) = own.and_then(|own| own.get(name)) {
                result.push_str(&self.text(value, at)?);
            } else if name.contains('.') {
                result.push_str(&self.attribute(name, at)?);
            } else {
                let value = self
                    .reference(name, at)?
                    .ok_or_else(|| TemplateError::new(at, format!("{name} est sans valeur")))?;
                result.push_str(&scalar(&value, at)?);
            }
        }
        result.push_str(rest);
        Ok(result)
    }
}

/// The bus's name, given its name or its ARN.
pub(crate) fn bus_name(name_or_arn: &str) -> &str {
    name_or_arn
        .rsplit_once(":event-bus/")
        .map_or(name_or_arn, |(_, name)| name)
}

pub(crate) fn table_arn(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

fn stream_arn(name: &str) -> String {
    format!("{}/stream/local", table_arn(name))
}

fn kind(declared: &Yaml) -> &str {
    declared
        .get("Type")
        .and_then(Yaml::as_str)
        .unwrap_or_default()
}

fn properties(resource: &Yaml) -> Option<&Yaml> {
    resource.get("Properties")
}

fn entries(mapping: Option<&Yaml>) -> impl Iterator<Item = (&str, &Yaml)> {
    mapping
        .and_then(Yaml::as_mapping)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.as_str()?, value)))
}

fn scalar(value: &Json, at: &str) -> Result<String> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Bool(it) => Ok(it.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => {
            Err(TemplateError::new(at, "une valeur simple est attendue"))
        }
    }
}

fn kebab(id: &str) -> String {
    let mut name = String::with_capacity(id.len() + 4);
    for (position, letter) in id.char_indices() {
        if letter.is_ascii_uppercase() && position > 0 {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXTURE: &str = include_str!("../tests/template.yaml");

    fn fixture() -> Template {
        Template::parse(&[FIXTURE], &BTreeMap::new(), &BTreeMap::new()).unwrap()
    }

    fn function<'a>(template: &'a Template, name: &str) -> &'a Function {
        template
            .functions
            .iter()
            .find(|it| it.name == name)
            .unwrap()
    }

    #[test]
    fn the_fixture_reads_as_written() {
        let template = fixture();
        assert_eq!(template.buckets, ["local-documents"]);
        assert_eq!(template.buses, ["local-events"]);
        let names: Vec<_> = template.tables.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["local-bookings", "outbox-table"]);
        let publish = function(&template, "publish-events");
        assert_eq!(publish.streams[0].table, "outbox-table");
        assert_eq!(publish.streams[0].batch_size, 3);
        assert!(publish.streams[0].reports_failures);
        assert_eq!(publish.environment["BUS"], "local-events");
        assert_eq!(publish.environment["TABLE_BOOKINGS"], "local-bookings");
        assert_eq!(
            publish.environment["PUBLIC_URL"],
            "https://local.example.fr"
        );
        assert_eq!(publish.environment["LEVEL"], "bas");
        assert!(!publish.environment.contains_key("NOTHING"));
        assert_eq!(publish.timeout, Duration::from_secs(7));
        assert!(
            !template
                .functions
                .iter()
                .any(|it| it.name == "only-in-production")
        );
    }

    #[test]
    fn variables_and_parameters_can_be_given_from_outside() {
        let none = BTreeMap::new();
        let text = "
Globals: {Function: {Environment: {Variables: {DOMAIN: !GetAtt Distribution.DomainName}}}}
Resources: {Distribution: {Type: 'AWS::CloudFront::Distribution'}}
";
        assert!(Template::parse(&[text], &none, &none).is_err());
        let given = BTreeMap::from([("DOMAIN".to_owned(), "ici".to_owned())]);
        let template = Template::parse(&[text], &none, &given).unwrap();
        assert_eq!(template.environment["DOMAIN"], "ici");

        let text = "
Parameters: {Secret: {Type: String}}
Globals: {Function: {Environment: {Variables: {SECRET: !Ref Secret}}}}
";
        let error = Template::parse(&[text], &none, &none).unwrap_err();
        assert!(error.to_string().contains("Secret"), "{error}");
        let given = BTreeMap::from([("Secret".to_owned(), "chut".to_owned())]);
        let template = Template::parse(&[text], &given, &none).unwrap();
        assert_eq!(template.environment["SECRET"], "chut");
    }

    #[test]
    fn what_is_not_served_the_same_is_an_error() {
        let function = |event: &str| {
            format!(
                "
Resources:
  Bookings:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: pk, KeyType: HASH}}]
  Toy:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: target/toy/
      Events:
        It: {event}
"
            )
        };
        for (event, why) in [
            ("{Type: SQS, Properties: {}}", "SQS"),
            (
                "{Type: HttpApi, Properties: {Method: get, Path: /, PayloadFormatVersion: '1.0'}}",
                "2.0",
            ),
            ("{Type: HttpApi, Properties: {Method: get}}", "Path"),
            (
                "{Type: HttpApi, Properties: {Method: get, Path: !Cidr x}}",
                "Cidr",
            ),
            (
                "{Type: Schedule, Properties: {Schedule: rate(1 minutes)}}",
                "rate",
            ),
            (
                "{Type: EventBridgeRule, Properties: {EventBusName: nobody, Pattern: {source: [a]}}}",
                "nobody",
            ),
            (
                "{Type: EventBridgeRule, Properties: {Pattern: {source: [{cidr: a}]}}}",
                "cidr",
            ),
            (
                "{Type: DynamoDB, Properties: {Stream: !GetAtt Bookings.StreamArn}}",
                "TimeToLive",
            ),
            (
                "{Type: DynamoDB, Properties: {Stream: !GetAtt Nobody.StreamArn}}",
                "Nobody",
            ),
        ] {
            let error = Template::parse(&[function(event)], &BTreeMap::new(), &BTreeMap::new())
                .unwrap_err();
            assert!(error.to_string().contains(why), "{event}: {error}");
        }
    }
}
