// What read-offer does for an offer that does not exist, as it would be written with the AWS SDK for
// JavaScript v3: read the table once at the start, then answer one request. The loop stands in for
// Lambda's own runtime client, which does more and is slower.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const { env } = process;
const tables = new DynamoDBClient({ endpoint: env.DYNAMODB_ENDPOINT });
const read = (table, pk, sk, consistent) =>
  tables.send(
    new GetItemCommand({
      TableName: table,
      Key: { pk: { S: pk }, sk: { S: sk } },
      ConsistentRead: consistent,
    }),
  );
await read(`${env.TABLE_PREFIX}uniques`, "warm-up", "-", false);

const runtime = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
for (;;) {
  const next = await fetch(`${runtime}/next`);
  const event = await next.json();
  const { Item } = await read(`${env.TABLE_PREFIX}offers`, event.pathParameters.offer, "offer", true);
  const answer = {
    statusCode: Item ? 200 : 404,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(Item ?? { code: "not_found" }),
  };
  await fetch(`${runtime}/${next.headers.get("lambda-runtime-aws-request-id")}/response`, {
    method: "POST",
    body: JSON.stringify(answer),
  });
}
