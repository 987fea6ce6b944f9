#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "application/fingerprint.hpp"
#include "connection.hpp"
#include "contract/repository_fixture.hpp"
#include "migrations.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"
#include "wire/render.hpp"

/// A store that the version before has left is opened: nothing of it is lost, and every answer that
/// it has kept for a key is repeated, as JSON to the letter.
namespace rag::test {

namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::int64_t kMinuteAfterMs = 1'795'775'326'000;

constexpr std::string_view kIngestBody =
    R"({"scenario_title":"Kitchen \"é\"","messages":[{"author_name":"Marta","author_type":"user",)"
    R"("content":"The oven is broken.","timestamp":"2025-11-07T14:30:45.123Z"},)"
    R"({"author_name":"Ana","content":"Call the plumber?"}]})";
constexpr std::string_view kDuplicateBody =
    R"({"scenario_title": "Kitchen \"é\"","messages":[{"author_name":"Marta","author_type":"user",)"
    R"("content":"The oven is broken.","timestamp":"2025-11-07T14:30:45.123Z"},)"
    R"({"author_name":"Ana","content":"Call the plumber?"}]})";
constexpr std::string_view kAppendBody =
    R"({"messages":[{"author_name":"Marta","content":"He comes on Monday."}]})";
constexpr std::string_view kToolData =
    R"({"messages":[{"author_name":"Ben","content":"From an assistant."}]})";
constexpr std::string_view kLegacyBody =
    R"({"messages":[{"author_name":"Old","content":"By the rollback flag."}]})";
constexpr std::string_view kLine = R"({"messages":[{"content":"A line of a batch."}]})";

constexpr std::string_view kKitchen =
    R"("success":true,"metadata":{"scenario_title":"Kitchen \"é\"","original_title":null,)"
    R"("url":null,"created_at":"2026-11-27T10:27:43.522Z",)";

/// As that version made the digest of a write whose target says as much as its body.
encoding::Digest with_target(std::string text, std::string_view body) {
    const encoding::Digest digest = encoding::sha256(body);
    text += "\n";
    text.append(digest.begin(), digest.end());
    return encoding::sha256(text);
}

class Upgrade : public testing::Test {
protected:
    void SetUp() override {
        {
            sqlite::ConnectionOptions options;
            options.path = folder.path() / kSqliteFileName;
            options.mode = sqlite::OpenMode::read_write;
            sqlite::Connection db(options);
            db.execute("PRAGMA foreign_keys = OFF");  // The rows come in order of their tables.
            std::ifstream dump(RAG_STORE_BEFORE);
            const std::string sql{std::istreambuf_iterator<char>(dump), {}};
            ASSERT_FALSE(sql.empty());
            db.execute(sql.c_str());
            ASSERT_EQ(sqlite::schema_version(db), 2);
        }
        SqliteOptions options;
        options.data_dir = folder.path();
        options.clock = [] { return Timestamp{kMinuteAfterMs}; };
        repository = make_sqlite_repository(std::move(options), telemetry);
    }

    /// What the door answers to whoever repeats a write that was done before.
    wire::WriteText repeated(
        WriteKey key, const encoding::Digest& digest, wire::WriteRenderer door
    ) {
        WriteContext write;
        write.keys.push_back(std::move(key));
        write.request_digest.fill(9);  // As this version makes it.
        write.former_digest = digest;
        const Result<KnownWrite> known =
            await(repository->find_known(write, std::nullopt, within(30s)));
        EXPECT_TRUE(known) << known.error().message;
        if (!known || !known->answer) return {0, "no answer is kept"};
        EXPECT_TRUE(known->answer->replayed);
        return wire::render_write(*known->answer, door);
    }

    static WriteKey client(std::string key) { return {WriteKey::Scope::client, std::move(key)}; }

    TempFolder folder;
    FakeTelemetry telemetry;
    std::unique_ptr<ConversationRepository> repository;
};

TEST_F(Upgrade, RepeatsTheAnswersOfIngests) {
    const wire::WriteText first =
        repeated(client("ingest"), encoding::sha256(kIngestBody), wire::ingest_answer);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(
        first.body,
        R"({"conversation_id":"1","chunks":2,"chunks_created":2,"messages":2,"duplicate":false,)" +
            std::string(kKitchen) + R"("total_chunks":2}})"
    );
    const wire::WriteText duplicate =
        repeated(client("duplicate"), encoding::sha256(kDuplicateBody), wire::ingest_answer);
    EXPECT_EQ(duplicate.status, 200);
    EXPECT_EQ(
        duplicate.body,
        R"({"conversation_id":"1","chunks":2,"chunks_created":0,"messages":2,"duplicate":true,)" +
            std::string(kKitchen) + R"("total_chunks":2}})"
    );
    const wire::WriteText tool =
        repeated(client("tool"), encoding::sha256(kToolData), wire::ingest_answer);
    EXPECT_EQ(
        tool.body,
        R"({"conversation_id":"3","chunks":1,"chunks_created":1,"messages":1,"duplicate":false,)"
        R"("success":true,"metadata":{"scenario_title":null,"original_title":null,"url":null,)"
        R"("created_at":"2026-11-27T10:27:43.691Z","total_chunks":1}})"
    );
}

TEST_F(Upgrade, RepeatsTheAnswersOfAppendAndDelete) {
    const wire::WriteText append = repeated(
        client("append"),
        with_target("POST /conversations/1/messages", kAppendBody),
        wire::append_answer
    );
    EXPECT_EQ(append.status, 200);
    EXPECT_EQ(
        append.body,
        R"({"conversation_id":"1","chunks":3,"chunks_created":1,"messages":1,"duplicate":false,)" +
            std::string(kKitchen) + R"("total_chunks":3}})"
    );
    const wire::WriteText gone =
        repeated(client("delete"), with_target("DELETE /conversations/2", ""), wire::delete_answer);
    EXPECT_EQ(gone.status, 200);
    EXPECT_EQ(
        gone.body,
        R"({"message":"Conversation deleted successfully","conversation_id":"2","chunks_deleted":1})"
    );
}

TEST_F(Upgrade, RepeatsTheAnswersOfTheLegacyArchitectureAndOfBatchLines) {
    const encoding::Digest legacy = encoding::sha256(kLegacyBody);
    for (wire::WriteRenderer door : {wire::legacy_ingest_answer, wire::ingest_answer}) {
        const wire::WriteText text = repeated(client("legacy"), legacy, door);
        EXPECT_EQ(text.status, 200);
        EXPECT_EQ(text.body, R"({"conversation_id":4,"chunks":1})");
    }
    const wire::WriteText line = repeated(
        {WriteKey::Scope::forward, "batch:1"}, encoding::sha256(kLine), wire::batch_line_answer
    );
    EXPECT_EQ(line.status, 201);
    EXPECT_EQ(
        line.body,
        R"("status":201,"conversation_id":"9","duplicate":false,"messages":1,"chunks":1,"chunks_created":1})"
    );
}

TEST_F(Upgrade, RefusesAKeyOfThenForAnotherRequest) {
    WriteContext write;
    write.keys = {client("ingest")};
    write.request_digest.fill(9);
    write.former_digest = encoding::sha256("another body");

    const Result<KnownWrite> known =
        await(repository->find_known(write, std::nullopt, within(30s)));

    ASSERT_FALSE(known);
    EXPECT_EQ(known.error().code, ErrorCode::key_reused);
}

TEST_F(Upgrade, KeepsConversationsVectorsAndFingerprints) {
    const Result<VerifyReport> report = await(repository->verify(within(30s)));
    ASSERT_TRUE(report);
    EXPECT_THAT(report->problems, IsEmpty());
    EXPECT_EQ(report->counts.conversations, 3);
    EXPECT_EQ(report->counts.chunks_without_embedding, 0);

    Conversation same;
    same.messages.resize(1);
    same.messages[0].author_name = "Ben";
    same.messages[0].content = "From an assistant.";
    const auto known =
        await(repository->find_known({}, SoughtConversation{fingerprint(same), {}}, within(30s)));
    ASSERT_TRUE(known && known->duplicate);
    EXPECT_EQ(known->duplicate->conversation_id, ConversationId{3});
    const auto key = await(repository->session_key(within(30s)));
    ASSERT_TRUE(key);
    EXPECT_NE(*key, encoding::Digest{});
}

}  // namespace

}  // namespace rag::test
