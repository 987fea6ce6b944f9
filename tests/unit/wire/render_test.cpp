#include "wire/render.hpp"

#include <gmock/gmock.h>

#include "wire/problem.hpp"

namespace rag::wire {
namespace {

const Timestamp kTime{1'762'525'845'123};

WriteOutcome outcome() {
    WriteOutcome made;
    made.conversation_id = ConversationId{123};
    made.messages_written = 1;
    made.messages_total = 4;
    made.chunks_written = 2;
    made.chunks_total = 5;
    made.header.scenario_title = "ops";
    made.created_at = kTime;
    return made;
}

ConversationSummary summary() {
    ConversationSummary made;
    made.id = ConversationId{123};
    made.header.url = "https://example.com/1";
    made.header.metadata.raw = R"({"n":1.50})";
    made.created_at = kTime;
    made.message_count = 4;
    made.chunk_count = 5;
    return made;
}

LoadedChunk loaded() {
    LoadedChunk made;
    made.stored.id = ChunkId{987};
    made.stored.conversation_id = ConversationId{123};
    made.stored.chunk.order_index = 4;
    made.stored.chunk.text = "Ana: \"hi\"";
    made.stored.chunk.author_name = "Ana";
    made.stored.chunk.author_type = "user";
    made.stored.chunk.timestamp = kTime;
    made.stored.chunk.message_start = 4;
    made.stored.chunk.message_end = 5;
    made.conversation = summary();
    return made;
}

TEST(RenderIngest, HasTheShapeOfTheContract) {
    const auto [status, body] = ingest_answer(outcome(), {});
    WriteOutcome known = outcome();
    known.duplicate = true;
    known.chunks_written = 0;

    EXPECT_EQ(status, 201);
    EXPECT_EQ(
        body,
        R"({"conversation_id":"123","chunks":5,"chunks_created":2,"messages":4,"duplicate":false,"success":true,)"
        R"("metadata":{"scenario_title":"ops","original_title":null,"url":null,)"
        R"("created_at":"2025-11-07T14:30:45.123Z","total_chunks":5}})"
    );
    EXPECT_EQ(ingest_answer(known, {}).status, 200);
    EXPECT_EQ(legacy_ingest_answer(outcome(), {}).status, 200);
    EXPECT_EQ(legacy_ingest_answer(outcome(), {}).body, R"({"conversation_id":123,"chunks":5})");
}

TEST(RenderIngest, TellsWhatWasUnderstoodInAnotherWay) {
    Notes notes;
    for (int i = 0; i < 21; ++i) notes.add([] { return Note{"/messages/0/ts", "read as x"}; });

    const std::string body = ingest_answer(outcome(), notes).body;
    EXPECT_THAT(
        body, ::testing::HasSubstr(R"("notes":[{"pointer":"/messages/0/ts","note":"read as x"},)")
    );
    EXPECT_THAT(body, ::testing::EndsWith(R"(],"notes_total":21})"));
    EXPECT_EQ(legacy_ingest_answer(outcome(), notes).body, R"({"conversation_id":123,"chunks":5})");
}

TEST(RenderIngest, TellsOfTextsWithoutWordsBehindTheOtherNotes) {
    WriteOutcome wordless = outcome();
    wordless.messages_without_words = {3};
    Notes notes("/conversation_data");
    notes.add([] { return Note{"/conversation_data/messages/0/ts", "read as x"}; });

    const std::string body = ingest_answer(wordless, notes).body;
    EXPECT_THAT(
        body, ::testing::HasSubstr(R"({"pointer":"/conversation_data/messages/3/content")")
    );
    EXPECT_THAT(body, ::testing::EndsWith(R"(],"notes_total":2})"));
}

TEST(RenderWrite, RepeatsWhatWasKeptAsTextAsItStands) {
    WriteAnswer answer;
    answer.outcome = outcome();
    EXPECT_EQ(render_write(answer, ingest_answer).body, ingest_answer(outcome(), {}).body);

    answer.former = FormerAnswer{200, R"({"conversation_id":7,"chunks":2})"};
    EXPECT_EQ(render_write(answer, ingest_answer).status, 200);
    EXPECT_EQ(render_write(answer, ingest_answer).body, R"({"conversation_id":7,"chunks":2})");
}

TEST(RenderAppend, CountsTheNewMessages) {
    const auto [status, body] = append_answer(outcome(), {});

    EXPECT_EQ(status, 200);
    EXPECT_THAT(body, ::testing::HasSubstr(R"("chunks":5,"chunks_created":2,"messages":1,)"));
}

TEST(RenderDelete, TellsWhatWent) {
    WriteOutcome gone = outcome();
    gone.chunks_deleted = 5;

    EXPECT_EQ(
        delete_answer(gone, {}).body,
        R"({"message":"Conversation deleted successfully","conversation_id":"123","chunks_deleted":5})"
    );
}

TEST(RenderBatch, NumbersItsLines) {
    const auto [status, body] = batch_line_answer(outcome(), {});
    const Error error{ErrorCode::invalid_argument, "is required", "/messages"};

    EXPECT_EQ(status, 201);
    EXPECT_EQ(
        batch_line(7, body),
        R"({"line":7,"status":201,"conversation_id":"123","duplicate":false,"messages":4,"chunks":5,"chunks_created":2})"
        "\n"
    );
    EXPECT_EQ(
        batch_line_error(8, error),
        R"({"line":8,"status":400,"error":{"type":"urn:mcp-backend:problem:invalid_argument",)"
        R"("title":"Bad Request","status":400,"detail":"/messages: is required",)"
        R"("code":"invalid_argument","errors":[{"pointer":"/messages","message":"is required"}]}})"
        "\n"
    );
}

TEST(RenderSearch, HasTheShapeOfTheContract) {
    SearchResult result;
    result.chunk = loaded();
    result.score = 0.83F;
    result.dense = SignalFound{2, 0.61F};
    result.shares = {{"dense", 0.3}, {"neighbours", 0.2F}};
    StoredMessage before;
    before.index = 3;
    before.message.content = "earlier";
    result.chunk.context.push_back(before);
    SearchResponse response;
    response.query = "q";
    response.next_cursor = "abc";
    response.execution_time_ms = 7.94;
    response.explain = true;
    response.results.push_back(result);

    EXPECT_EQ(
        render_search(response),
        R"({"query":"q","total_results":1,"mode":"hybrid","degraded":false,"truncated":false,)"
        R"("next_cursor":"abc","execution_time_ms":7.9,"success":true,"results":[{"chunk_id":"987",)"
        R"("conversation_id":"123","order_index":4,"message_start":4,"message_end":5,)"
        R"("text":"Ana: \"hi\"","score":0.83,"author_name":"Ana","author_type":"user",)"
        R"("timestamp":"2025-11-07T14:30:45.123Z","scenario_title":null,"original_title":null,)"
        R"("url":"https://example.com/1","metadata":{"n":1.50},"context":[{"index":3,)"
        R"("author_name":null,"author_type":null,"timestamp":null,"content":"earlier"}],)"
        R"("explain":{"dense":{"rank":2,"score":0.61,"share":0.3},"lexical":null,"neighbours":0.2}}]})"
    );
}

TEST(RenderSearch, ExplainsARowThatIsNotAmongTheNearest) {
    SearchResult result;
    result.chunk = loaded();
    result.lexical = SignalFound{1, 0.5F};
    result.shares = {{"words", 0.2}, {"dense", 0.1}};
    SearchResponse response;
    response.explain = true;
    response.results.push_back(result);

    // What the shares add up to is the score, whether a rank is known or not.
    EXPECT_THAT(
        render_search(response),
        testing::HasSubstr(
            R"("explain":{"dense":null,"lexical":{"rank":1,"score":0.5},"words":0.2,)"
            R"("dense_unranked":0.1})"
        )
    );
}

TEST(RenderLegacySearch, HasIntegerIdsAndADistance) {
    LegacyResult row;
    row.chunk = loaded();
    row.distance = 0.5;

    EXPECT_EQ(
        render_legacy_search("q", std::span(&row, 1)),
        R"({"query":"q","total_results":1,"results":[{"id":987,"conversation_id":123,"order_index":4,)"
        R"("chunk_text":"Ana: \"hi\"","author_name":"Ana","author_type":"user",)"
        R"("timestamp":"2025-11-07T14:30:45.123Z","scenario_title":null,"original_title":null,)"
        R"("url":"https://example.com/1","created_at":"2025-11-07T14:30:45.123Z","relevance_score":0.5}]})"
    );
}

TEST(RenderConversations, HaveTheirShapes) {
    const ConversationSummary one = summary();
    MessagePage page;
    page.conversation_id = ConversationId{123};
    page.total = 4;
    page.messages.push_back(StoredMessage{});
    page.messages.back().message.content = "x";

    EXPECT_EQ(
        render_conversations(std::span(&one, 1)),
        R"([{"id":"123","scenario_title":null,"original_title":null,"url":"https://example.com/1",)"
        R"("external_id":null,"created_at":"2025-11-07T14:30:45.123Z",)"
        R"("first_message_at":"1970-01-01T00:00:00.000Z",)"
        R"("last_message_at":"1970-01-01T00:00:00.000Z","message_count":4,"chunk_count":5}])"
    );
    EXPECT_EQ(
        render_messages(page),
        R"({"conversation_id":"123","total":4,"messages":[{"index":0,"author_name":null,)"
        R"("author_type":null,"content":"x","timestamp":null,)"
        R"("stored_at":"1970-01-01T00:00:00.000Z","external_id":null,"metadata":{}}]})"
    );
    EXPECT_THAT(
        render_conversation(ConversationWithChunks{one, {loaded().stored}}),
        ::testing::HasSubstr(
            R"("chunks":[{"id":"987","order_index":4,"text":"Ana: \"hi\"","author_name":"Ana",)"
            R"("author_type":"user","timestamp":"2025-11-07T14:30:45.123Z"}])"
        )
    );
}

TEST(RenderHealth, IsTheGuidesObject) {
    Health health;
    health.status = HealthStatus::unhealthy;
    health.database_status = "unhealthy";
    health.database_error = "Connection refused";
    health.embedding_status = "healthy";
    health.provider = "local";
    health.model = "m";

    EXPECT_EQ(
        render_health(health, HealthFacts{"1.0.0", true, kTime}),
        R"({"status":"unhealthy","timestamp":"2025-11-07T14:30:45.123Z","version":"1.0.0",)"
        R"("components":{"database":{"status":"unhealthy","error":"Connection refused"},)"
        R"("embedding_service":{"status":"healthy","provider":"local","model":"m"},)"
        R"("di_container":{"status":"healthy","architecture":"new"}}})"
    );
}

TEST(Problem, MapsEachCodeToItsStatus) {
    EXPECT_EQ(http_status(ErrorCode::key_reused), 422);
    EXPECT_EQ(http_status(ErrorCode::conflict), 409);
    EXPECT_EQ(http_status(ErrorCode::no_space), 507);
    EXPECT_EQ(http_status(ErrorCode::timeout), 503);
    EXPECT_EQ(name_of(ErrorCode::not_found), "not_found");
}

TEST(Problem, SaysWhereAndWhenToComeBack) {
    const ProblemPlace place{"/search", "abc"};
    const Response busy = problem_response(Error{ErrorCode::overloaded, "busy", {}}, place);

    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(busy.header("retry-after"), "1");
    EXPECT_EQ(busy.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(
        busy.body,
        R"({"type":"urn:mcp-backend:problem:overloaded","title":"Service Unavailable","status":503,)"
        R"("detail":"busy","instance":"/search","code":"overloaded","errors":[],"trace_id":"abc"})"
    );
    const Response running = problem_response(Error{ErrorCode::conflict, "still runs", {}}, place);
    EXPECT_EQ(running.status, 409);
    EXPECT_EQ(running.header("Retry-After"), "1");
    const Response reused = problem_response(Error{ErrorCode::key_reused, "other", {}}, place);
    EXPECT_EQ(reused.header("Retry-After"), "") << "trying again does not help";
}

}  // namespace
}  // namespace rag::wire
