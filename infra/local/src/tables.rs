//! DynamoDB on SQLite: the template's tables, served over DynamoDB's own protocol.

use std::path::Path;
use std::sync::Arc;

use dynoxide::Database;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokio::task::spawn_blocking;

use crate::template::{Table, Template};

/// An item in DynamoDB's JSON.
pub(crate) type Item = Map<String, Value>;

/// Why a table could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// DynamoDB's own answer.
    #[error("{0}")]
    Refused(String),
    /// The request or the answer is not the JSON expected.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// The table on disk is not the template's.
    #[error(
        "la table {0} n'a plus la forme du template : supprimez le dossier des données, ou POST /local/reset avec l'ancienne version"
    )]
    Changed(String),
    /// The work was interrupted.
    #[error("{0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl From<dynoxide::errors::DynoxideError> for TableError {
    fn from(error: dynoxide::errors::DynoxideError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// The template's tables in one database file. Streams are never switched on there: with them
/// every write scans what the stream holds. The outbox is read by key instead.
#[derive(Clone)]
pub(crate) struct Tables {
    database: Database,
    declared: Arc<Vec<Table>>,
}

impl Tables {
    /// Opens the file and creates the tables and indexes that are missing.
    pub(crate) async fn open(file: &Path, template: &mut Template) -> Result<Self, TableError> {
        let database = Database::new(&file.to_string_lossy())?;
        let tables = Self {
            database,
            declared: Arc::new(std::mem::take(&mut template.tables)),
        };
        tables.run(Self::create_missing).await?;
        Ok(tables)
    }

    /// The handle the DynamoDB server answers from.
    pub(crate) fn database(&self) -> Database {
        self.database.clone()
    }

    pub(crate) fn declared(&self, name: &str) -> Option<&Table> {
        self.declared.iter().find(|table| table.name == name)
    }

    /// The database blocks, so it works on threads made for that.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, TableError> + Send + 'static,
    ) -> Result<T, TableError> {
        let tables = self.clone();
        spawn_blocking(move || work(&tables)).await?
    }

    fn create_missing(&self) -> Result<(), TableError> {
        let existing = self.database.list_tables(request(json!({}))?)?;
        let existing = serde_json::to_value(existing)?;
        for table in self.declared.iter() {
            let exists = existing["TableNames"]
                .as_array()
                .is_some_and(|names| names.iter().any(|name| name == &table.name));
            if exists {
                self.bring_up_to_date(table)?;
            } else {
                self.database.create_table(request(table.create.clone())?)?;
                self.expire(table)?;
            }
        }
        Ok(())
    }

    fn expire(&self, table: &Table) -> Result<(), TableError> {
        if let Some(attribute) = &table.time_to_live {
            self.database.update_time_to_live(request(json!({
                "TableName": table.name,
                "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": true},
            }))?)?;
        }
        Ok(())
    }

    /// Adds the indexes that the template has gained since the table was created.
    fn bring_up_to_date(&self, table: &Table) -> Result<(), TableError> {
        let described = self
            .database
            .describe_table(request(json!({"TableName": table.name}))?)?;
        let described = serde_json::to_value(described)?;
        if described["Table"]["KeySchema"] != table.create["KeySchema"] {
            return Err(TableError::Changed(table.name.clone()));
        }
        let empty = Vec::new();
        let existing = described["Table"]["GlobalSecondaryIndexes"]
            .as_array()
            .unwrap_or(&empty);
        let wanted = table.create["GlobalSecondaryIndexes"]
            .as_array()
            .unwrap_or(&empty);
        for index in wanted {
            match existing
                .iter()
                .find(|it| it["IndexName"] == index["IndexName"])
            {
                Some(existing) if existing["KeySchema"] == index["KeySchema"] => {}
                Some(_) => return Err(TableError::Changed(table.name.clone())),
                None => {
                    self.database.update_table(request(json!({
                        "TableName": table.name,
                        "AttributeDefinitions": table.create["AttributeDefinitions"],
                        "GlobalSecondaryIndexUpdates": [{"Create": index}],
                    }))?)?;
                }
            }
        }
        Ok(())
    }

    /// Empties every table by making it anew.
    pub(crate) async fn wipe(&self) -> Result<(), TableError> {
        self.run(|tables| {
            for table in tables.declared.iter() {
                tables
                    .database
                    .delete_table(request(json!({"TableName": table.name}))?)?;
            }
            tables.create_missing()
        })
        .await
    }

    /// Deletes the items whose time to live has passed in real time, as DynamoDB does within days.
    pub(crate) async fn sweep(&self) -> Result<usize, TableError> {
        self.run(|tables| Ok(tables.database.sweep_ttl()?)).await
    }

    /// Deletes the items whose time to live has passed by the product's clock.
    pub(crate) async fn forget(&self, now: jiff::Timestamp) -> Result<(), TableError> {
        for table in self.declared.iter() {
            let expired = |item: &Item| {
                let at = item.get("expires")?.get("N")?.as_str()?;
                at.parse::<i64>().ok()
            };
            let all = self.all(table.name.clone()).await?;
            let gone = all
                .into_iter()
                .filter(|item| expired(item).is_some_and(|at| at <= now.as_second()));
            let keys = gone.map(|item| {
                let of_key = |(name, _): &(String, Value)| name == "pk" || name == "sk";
                item.into_iter().filter(of_key).collect()
            });
            self.delete(table.name.clone(), keys.collect()).await?;
        }
        Ok(())
    }

    /// Every item of a table that stays small.
    pub(crate) async fn all(&self, table: String) -> Result<Vec<Item>, TableError> {
        self.run(move |tables| {
            let mut items = Vec::new();
            let mut from = Value::Null;
            loop {
                let mut scan = json!({"TableName": table, "ConsistentRead": true});
                if !from.is_null() {
                    scan["ExclusiveStartKey"] = from;
                }
                let mut page = serde_json::to_value(tables.database.scan(request(scan)?)?)?;
                if let Some(Value::Array(found)) = page.get_mut("Items").map(Value::take) {
                    items.extend(found.into_iter().filter_map(|item| match item {
                        Value::Object(item) => Some(item),
                        _ => None,
                    }));
                }
                from = page
                    .get_mut("LastEvaluatedKey")
                    .map(Value::take)
                    .unwrap_or_default();
                if from.is_null() {
                    return Ok(items);
                }
            }
        })
        .await
    }

    /// Every item of every table, in DynamoDB's JSON, with the name of its table.
    pub(crate) async fn everything(&self) -> Result<Vec<(String, Item)>, TableError> {
        let mut everything = Vec::new();
        for table in self.declared.iter() {
            let items = self.all(table.name.clone()).await?;
            everything.extend(items.into_iter().map(|item| (table.name.clone(), item)));
        }
        Ok(everything)
    }

    /// Deletes items by key.
    pub(crate) async fn delete(&self, table: String, keys: Vec<Item>) -> Result<(), TableError> {
        self.run(move |tables| {
            // Twenty-five is what BatchWriteItem takes.
            for keys in keys.chunks(25) {
                let deletions: Vec<Value> = keys
                    .iter()
                    .map(|key| json!({"DeleteRequest": {"Key": key}}))
                    .collect();
                tables
                    .database
                    .batch_write_item(request(json!({"RequestItems": {&table: deletions}}))?)?;
            }
            Ok(())
        })
        .await
    }
}

fn request<T: DeserializeOwned>(body: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(body)
}
