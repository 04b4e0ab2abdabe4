//! What the templates say, with their intrinsic functions resolved as for a stage named `local`:
//! tables, buckets, buses, what functions are given and may do, and the headers of the site.
//! Anything read here that this machine would do differently from AWS is an error, not a guess.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};
use serde_yaml_ng::Value as Yaml;

use crate::permissions::Permission;
use crate::scanner::ProtectionPlan;

/// The stage that this machine is.
pub(crate) const STAGE: &str = "local";
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
    pub(crate) fn new(at: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            why: why.into(),
        }
    }
}

type Result<T> = std::result::Result<T, TemplateError>;

/// The templates, read.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) tables: Vec<Table>,
    pub(crate) buckets: Vec<String>,
    pub(crate) buses: Vec<String>,
    /// The set of mails whose fates SES tells the default bus.
    pub(crate) told_mails: Option<String>,
    /// What is scanned for malware when it is put into a bucket.
    pub(crate) protection_plans: Vec<ProtectionPlan>,
    /// What functions are given, together.
    pub(crate) environment: BTreeMap<String, String>,
    /// The same function by function.
    pub(crate) environments: BTreeMap<String, BTreeMap<String, String>>,
    /// What each function's role lists: actions, each on one resource.
    pub(crate) permissions: BTreeMap<String, BTreeSet<Permission>>,
    pub(crate) site_headers: Vec<(String, String)>,
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
            join(&mut document, part)?;
        }
        Reader::new(&document, parameters)?.read(overrides)
    }
}

/// Adds the sections of one template to those of others. A parameter is what the first says of it:
/// stacks inside take theirs from there.
fn join(document: &mut Yaml, part: Yaml) -> Result<()> {
    let (Yaml::Mapping(document), Yaml::Mapping(part)) = (document, part) else {
        return Ok(());
    };
    for (section, content) in part {
        let (Some(Yaml::Mapping(there)), Yaml::Mapping(content)) =
            (document.get_mut(&section), &content)
        else {
            document.insert(section, content);
            continue;
        };
        for (name, declared) in content {
            if section == "Resources" && there.contains_key(name) {
                let name = name.as_str().unwrap_or_default();
                return Err(TemplateError::new(name, "deux ressources portent ce nom"));
            }
            there
                .entry(name.clone())
                .or_insert_with(|| declared.clone());
        }
    }
    Ok(())
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
        reader.parameters.insert("Stage".to_owned(), json!(STAGE));
        for (name, value) in given {
            reader.parameters.insert(name.clone(), json!(value));
        }
        Ok(reader)
    }

    fn read(&self, overrides: &BTreeMap<String, String>) -> Result<Template> {
        let mut template = Template {
            tables: Vec::new(),
            buckets: Vec::new(),
            buses: Vec::new(),
            told_mails: None,
            protection_plans: Vec::new(),
            environment: BTreeMap::new(),
            environments: BTreeMap::new(),
            permissions: BTreeMap::new(),
            site_headers: Vec::new(),
        };
        for (id, resource) in entries(self.document.get("Resources")) {
            if !self.exists(resource, id)? {
                continue;
            }
            match kind(resource) {
                "AWS::Lambda::Function" => {
                    let name = self.function_name(id, resource)?;
                    let environment = self.environment(id, resource, overrides)?;
                    template.environment.extend(environment.clone());
                    template
                        .permissions
                        .insert(name.clone(), self.permissions(id, resource)?);
                    template.environments.insert(name, environment);
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
                "AWS::GuardDuty::MalwareProtectionPlan" => {
                    template
                        .protection_plans
                        .push(self.protection_plan(id, resource)?);
                }
                // Another is for what functions answer: HSTS, which plain HTTP has no use for.
                "AWS::CloudFront::ResponseHeadersPolicy" if id == "SiteHeaders" => {
                    template.site_headers = self.site_headers(id, resource)?;
                }
                _ => {}
            }
        }
        template.environment.extend(overrides.clone());
        Ok(template)
    }

    /// What a plan of Malware Protection watches.
    fn protection_plan(&self, id: &str, resource: &Yaml) -> Result<ProtectionPlan> {
        let watched = properties(resource)
            .and_then(|it| it.get("ProtectedResource"))
            .and_then(|it| it.get("S3Bucket"))
            .ok_or_else(|| TemplateError::new(id, "watches no bucket"))?;
        let bucket = watched
            .get("BucketName")
            .ok_or_else(|| TemplateError::new(id, "names no bucket"))?;
        let prefixes = watched.get("ObjectPrefixes").and_then(Yaml::as_sequence);
        let prefixes = prefixes.into_iter().flatten();
        Ok(ProtectionPlan {
            bucket: self.text(bucket, &format!("{id}.BucketName"))?,
            prefixes: prefixes
                .map(|prefix| self.text(prefix, &format!("{id}.ObjectPrefixes")))
                .collect::<Result<_>>()?,
        })
    }

    /// The binary's name: the zip that `Code` names.
    fn function_name(&self, id: &str, resource: &Yaml) -> Result<String> {
        let at = format!("{id}.Code");
        let code = properties(resource).and_then(|it| it.get("Code"));
        let code = code.ok_or_else(|| TemplateError::new(&at, "absent"))?;
        let code = self.text(code, &at)?;
        let file = code.rsplit('/').next().unwrap_or_default();
        Ok(file.trim_end_matches(".zip").to_owned())
    }

    /// What the function's own role lists. A managed policy's name grants nothing here.
    fn permissions(&self, id: &str, resource: &Yaml) -> Result<BTreeSet<Permission>> {
        let at = format!("{id}.Role");
        let mut permissions = BTreeSet::new();
        let role = match properties(resource).and_then(|it| it.get("Role")) {
            Some(Yaml::Tagged(attribute)) => attribute.value.as_str(),
            _ => None,
        };
        let role = role.and_then(|path| self.resource(path.split('.').next()?));
        let statements = role
            .and_then(|role| properties(role)?.get("Policies")?.as_sequence())
            .into_iter()
            .flatten()
            .filter_map(|policy| {
                policy
                    .get("PolicyDocument")?
                    .get("Statement")?
                    .as_sequence()
            })
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

    fn environment(
        &self,
        id: &str,
        resource: &Yaml,
        overrides: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        let mut environment = BTreeMap::new();
        let variables = properties(resource)
            .and_then(|it| it.get("Environment"))
            .and_then(|it| it.get("Variables"));
        for (name, value) in entries(variables) {
            if let Some(given) = overrides.get(name) {
                environment.insert(name.to_owned(), given.clone());
                continue;
            }
            let at = format!("{id}.Environment.Variables.{name}");
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
            ("AWS::Events::EventBus", "Arn") => {
                format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}")
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

    #[test]
    fn the_fixture_reads_as_written() {
        let template = fixture();
        assert_eq!(template.buckets, ["local-documents"]);
        assert_eq!(template.buses, ["local-events"]);
        let names: Vec<_> = template.tables.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["local-bookings", "outbox-table"]);
        let publish = &template.environments["publish-events"];
        assert_eq!(publish["BUS"], "local-events");
        assert_eq!(publish["TABLE_BOOKINGS"], "local-bookings");
        assert_eq!(publish["PUBLIC_URL"], "https://local.example.fr");
        assert_eq!(publish["LEVEL"], "bas");
        assert!(!publish.contains_key("NOTHING"));
        assert!(!template.environments.contains_key("only-in-production"));
        let bus = "arn:aws:events:eu-west-3:000000000000:event-bus/local-events";
        let allowed = ("events:PutEvents".to_owned(), bus.to_owned());
        assert_eq!(template.permissions["publish-events"], [allowed].into());
    }

    #[test]
    fn what_is_kept_is_given_to_what_runs() {
        let none = BTreeMap::new();
        let kept = "
Resources: {Papers: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${Stage}-papers'}}}
Outputs: {PapersBucket: {Value: !Ref Papers}}
";
        let runs = "
Parameters: {PapersBucket: {Type: String}}
Resources:
  Print:
    Type: AWS::Lambda::Function
    Properties:
      Code: ../target/lambda/print.zip
      Environment: {Variables: {BUCKET: !Ref PapersBucket}}
";
        let template = Template::parse(&[kept, runs], &none, &none).unwrap();
        assert_eq!(template.environment["BUCKET"], "local-papers");
    }

    fn with_variable(value: &str) -> String {
        format!(
            "
Parameters: {{Secret: {{Type: String}}}}
Resources:
  Distribution: {{Type: 'AWS::CloudFront::Distribution'}}
  Toy:
    Type: AWS::Lambda::Function
    Properties:
      Code: toy.zip
      Environment: {{Variables: {{IT: {value}}}}}
"
        )
    }

    #[test]
    fn variables_and_parameters_can_be_given_from_outside() {
        let none = BTreeMap::new();
        let text = with_variable("!GetAtt Distribution.DomainName");
        assert!(Template::parse(&[&text], &none, &none).is_err());
        let given = BTreeMap::from([("IT".to_owned(), "ici".to_owned())]);
        let template = Template::parse(&[&text], &none, &given).unwrap();
        assert_eq!(template.environment["IT"], "ici");

        let text = with_variable("!Ref Secret");
        let error = Template::parse(&[&text], &none, &none).unwrap_err();
        assert!(error.to_string().contains("Secret"), "{error}");
        let given = BTreeMap::from([("Secret".to_owned(), "chut".to_owned())]);
        let template = Template::parse(&[&text], &given, &none).unwrap();
        assert_eq!(template.environment["IT"], "chut");
    }

    #[test]
    fn what_is_not_resolved_the_same_is_an_error() {
        let none = BTreeMap::new();
        for value in [
            "!Cidr x",
            "!Ref Nobody",
            "!Sub '${Nobody.Arn}'",
            "!If [Never, a, b]",
        ] {
            let text = with_variable(value);
            assert!(Template::parse(&[&text], &none, &none).is_err(), "{value}");
        }
    }
}
