//! What a marketplace stores in some days of business is in the files of `shared/adapters/stored`.

use journeys::{World, hold_to_stored_shapes};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_a_week_of_business_stores_has_a_file() {
    let world = World::start().await;
    world
        .browser()
        .post("/local/demo/week", json!({}))
        .await
        .ok();
    hold_to_stored_shapes(&world).await;
}
