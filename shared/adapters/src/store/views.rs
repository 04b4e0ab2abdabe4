//! How often each professional's page was opened: a counter for each day, and nothing about by whom.

use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::ProfessionalId;
use domain::retention::Kept;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Key, Question, Store, StoreError, Table};

impl Store {
    /// Counts one more opening of a professional's page on `day`.
    pub async fn count_view(
        &self,
        professional: &ProfessionalId,
        day: Date,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = Key::views(professional, day);
        let forgotten_at = Kept::Views.until(now).as_second();
        self.client
            .update_item()
            .table_name(self.name(Table::Views))
            .key("pk", AttributeValue::S(key.partition))
            .key("sk", AttributeValue::S(key.sort))
            .update_expression("ADD #n :one SET #e = :e")
            .expression_attribute_names("#n", "count")
            .expression_attribute_names("#e", "expires")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":e", AttributeValue::N(forgotten_at.to_string()))
            .send()
            .await
            .map_err(|error| StoreError::Outside(DisplayErrorContext(&error).to_string()))?;
        Ok(())
    }

    /// How often the page was opened on each day from `first` to `last`; days without are left out.
    pub async fn views(
        &self,
        professional: &ProfessionalId,
        first: Date,
        last: Date,
    ) -> Result<Vec<(Date, u64)>, StoreError> {
        let question = Question::views(professional, first, last);
        let (low, high) = question.between.unwrap_or_default();
        // A day takes about a hundred bytes: two years fit one answer of a megabyte many times over.
        let answer = self
            .client
            .query()
            .table_name(self.name(Table::Views))
            .key_condition_expression("pk = :p AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":p", AttributeValue::S(question.partition))
            .expression_attribute_values(":low", AttributeValue::S(low))
            .expression_attribute_values(":high", AttributeValue::S(high))
            .send()
            .await
            .map_err(|error| StoreError::Outside(DisplayErrorContext(&error).to_string()))?;
        answer
            .items
            .unwrap_or_default()
            .iter()
            .map(|item| {
                let day = item.get("sk")?.as_s().ok()?.parse().ok()?;
                let count = item.get("count")?.as_n().ok()?.parse().ok()?;
                Some((day, count))
            })
            .collect::<Option<_>>()
            .ok_or_else(|| StoreError::Shape("a day of views without its count".to_owned()))
    }
}
