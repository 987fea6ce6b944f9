#include "migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/factory.hpp"
#include "support/await.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

namespace rag::sqlite {

namespace {

using test::await;
using test::in;
using testing::HasSubstr;

class Migrations : public testing::Test {
protected:
    SqliteOptions options() const {
        SqliteOptions made;
        made.data_dir = folder.path();
        return made;
    }
    ConnectionOptions connection() const {
        ConnectionOptions made;
        made.path = folder.path() / kSqliteFileName;
        made.mode = OpenMode::read_write;
        return made;
    }

    test::TempFolder folder;
    test::FakeTelemetry telemetry;
};

TEST_F(Migrations, AreNumberedFromOneWithoutGaps) {
    ASSERT_FALSE(migrations().empty());
    for (int version = 1; const Migration& migration : migrations()) {
        EXPECT_EQ(migration.version, version++);
    }
}

TEST_F(Migrations, BringANewStoreToTheLastVersionAndDoNothingTheSecondTime) {
    const int last = migrations().back().version;

    const Result<SchemaVersions> first = migrate_sqlite_store(options(), telemetry);
    const Result<SchemaVersions> again = migrate_sqlite_store(options(), telemetry);

    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->before, 0);
    EXPECT_EQ(first->after, last);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->before, last);
}

TEST_F(Migrations, AreAppliedInOrderEachWholly) {
    Connection db(connection());
    const Migration good{1, "0001_good", "CREATE TABLE a (x)"};
    const Migration bad{2, "0002_bad", "CREATE TABLE b (x); CREATE TABLE a (x)"};
    const std::vector<Migration> both{good, bad};

    EXPECT_THROW(static_cast<void>(migrate(db, both, Timestamp{1})), SqliteError);

    EXPECT_EQ(schema_version(db), 1);
    EXPECT_FALSE(db.in_transaction());
    // Nothing of the second is there: it can be mended and applied.
    const std::vector<Migration> mended{good, {2, "0002_mended", "CREATE TABLE b (x)"}};
    EXPECT_TRUE(migrate(db, mended, Timestamp{2}));
    EXPECT_EQ(schema_version(db), 2);
}

/// Three conversations of one name, as version 3 could have them; one has that key already.
constexpr const char* kOfOneName =
    "INSERT INTO conversations VALUES"
    " ('default', 1, NULL, NULL, NULL, NULL, 'thread', NULL, 50, x'01', 1, 1),"
    " ('default', 2, NULL, NULL, NULL, NULL, 'thread', '{\"n\": 1.50, \"external_id\": 7}', 60,"
    " x'02', 1, 0), ('default', 3, NULL, NULL, NULL, NULL, 'thread', NULL, 70, x'03', 1, 0);"
    "INSERT INTO messages VALUES"
    " ('default', 1, 0, NULL, NULL, NULL, 0, 'a', NULL, NULL, NULL),"
    " ('default', 2, 0, NULL, NULL, NULL, 0, 'b', 5, NULL, NULL),"
    " ('default', 3, 0, NULL, NULL, NULL, 0, 'c', NULL, NULL, NULL);"
    "INSERT INTO conversation_chunks VALUES ('default', 1, 1, 0, 1, 0, 0, 'a', NULL, NULL, NULL, 0,"
    " NULL, x'', 1, 0, 0, 0, 0);"
    "INSERT INTO changes VALUES ('default', 1, 'insert', 1, 55);";

TEST_F(Migrations, OfAnExternalIdThatStandsTwiceTheNewestKeepsIt) {
    Connection db(connection());
    ASSERT_TRUE(migrate(db, migrations().first(3), Timestamp{1}));
    db.execute(kOfOneName);

    ASSERT_TRUE(migrate(db, migrations(), Timestamp{2}));

    const auto text = [&db](StoreStatement statement) {
        Cursor row = db.query(statement);
        return row.next() ? row.text(0) : "none";
    };
    EXPECT_EQ(db.integer("SELECT COUNT(*) FROM renamed_conversations"), 2);
    EXPECT_EQ(db.integer("SELECT id FROM conversations WHERE external_id = 'thread'"), 3);
    EXPECT_EQ(db.integer("SELECT COUNT(external_id) FROM conversations"), 1);
    EXPECT_EQ(
        text("SELECT metadata FROM conversations WHERE id = 1"), R"({"external_id":"thread"})"
    );
    const std::string kept = text("SELECT metadata FROM conversations WHERE id = 2");
    EXPECT_THAT(kept, HasSubstr("1.50"));
    EXPECT_THAT(kept, HasSubstr(R"("external_id":7)"));
    EXPECT_THAT(kept, HasSubstr(R"("external_id_before":"thread")"));
}

TEST_F(Migrations, GiveMessagesTheTimeTheyWereStored) {
    Connection db(connection());
    ASSERT_TRUE(migrate(db, migrations().first(3), Timestamp{1}));
    db.execute(kOfOneName);

    ASSERT_TRUE(migrate(db, migrations(), Timestamp{2}));

    // By the change that brought its chunk, else by its conversation.
    EXPECT_EQ(db.integer("SELECT stored_at FROM messages WHERE conversation_id = 1"), 55);
    EXPECT_EQ(db.integer("SELECT stored_at FROM messages WHERE conversation_id = 3"), 70);
    EXPECT_EQ(db.integer("SELECT last_message_at FROM conversations WHERE id = 1"), 55);
    EXPECT_EQ(db.integer("SELECT first_message_at FROM conversations WHERE id = 2"), 5);
    Cursor times = db.query("SELECT message_times FROM conversation_chunks WHERE id = 1");
    ASSERT_TRUE(times.next());
    EXPECT_EQ(times.blob(0).size(), sizeof(std::int64_t));
    EXPECT_EQ(times.blob(0)[0], 55);
}

// Long enough for some looks of the watch.
const Migration kLong{
    1,
    "0001_long",
    "CREATE TABLE a (x); -- One; and one: two.\n"
    "INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)"
    " SELECT i FROM n; UPDATE a SET x = x + 1;"};

TEST_F(Migrations, TellHowFarTheyAreOnceASecond) {
    Connection db(connection());
    const StoreLog log(telemetry);
    std::vector<std::string> shown;
    std::chrono::steady_clock::time_point now;
    const auto clock = [&now] { return now += std::chrono::milliseconds(300); };
    OpeningWork work(
        log, [&shown](const std::string& what) { shown.push_back(what); }, clock
    );

    ASSERT_TRUE(migrate(db, std::span(&kLong, 1), Timestamp{1}, {.work = &work}));

    ASSERT_GT(shown.size(), 2u);
    EXPECT_THAT(shown.front(), testing::StartsWith("Schema migration 0001_long: 1 of 3 steps, "));
    EXPECT_THAT(shown.front(), testing::EndsWith(" rows, 1 s"));
    EXPECT_EQ(shown.back(), "");
    const std::vector<test::LogLine> lines = telemetry.lines();
    ASSERT_EQ(lines.size(), shown.size());
    EXPECT_EQ(lines.front().message, "Schema migration 0001_long");
    EXPECT_EQ(lines.front().fields.at("steps_total"), "3");
    EXPECT_GT(std::stoi(lines.front().fields.at("rows")), 0);
    EXPECT_EQ(lines.back().message, "Schema migration 0001_long: done");
    EXPECT_EQ(lines.back().fields.at("steps"), "3");
    EXPECT_EQ(lines.back().fields.at("rows"), "100000");
}

TEST_F(Migrations, ShortOnesAreToldOnceAndThoseOfANewStoreNotAtAll) {
    const StoreLog log(telemetry);
    OpeningWork work(log, {});
    Connection db(connection());
    const std::vector<Migration> two{
        {1, "0001_a", "CREATE TABLE a (x)"}, {2, "0002_b", "SELECT 1;"}};

    const Migration later{3, "0003_c", "SELECT 1;"};
    ASSERT_TRUE(migrate(db, two, Timestamp{1}, {.work = &work}));
    EXPECT_EQ(telemetry.lines().size(), 0u);
    const std::vector<Migration> three{two[0], two[1], later};
    ASSERT_TRUE(migrate(db, three, Timestamp{2}, {.work = &work}));

    ASSERT_EQ(telemetry.lines().size(), 1u);
    EXPECT_EQ(telemetry.lines()[0].message, "Schema migration 0003_c: done");
}

TEST_F(Migrations, OneThatIsStoppedLeavesNothingAndBeginsAnew) {
    Connection db(connection());
    int looks = 0;
    const MigrationWatch stops{nullptr, [&looks] { return ++looks < 3; }};

    try {
        static_cast<void>(migrate(db, std::span(&kLong, 1), Timestamp{1}, stops));
        ADD_FAILURE() << "it was not stopped";
    } catch (const SqliteError& failure) {
        EXPECT_EQ(failure.code() & 0xff, SQLITE_INTERRUPT);
    }

    EXPECT_EQ(schema_version(db), 0);
    EXPECT_FALSE(db.in_transaction());
    ASSERT_TRUE(migrate(db, std::span(&kLong, 1), Timestamp{2}));
    EXPECT_EQ(db.integer("SELECT SUM(x) FROM a"), 50'000LL * 50'001 / 2 + 50'000);
}

TEST_F(Migrations, RefuseAStoreOfANewerProgram) {
    ASSERT_TRUE(migrate_sqlite_store(options(), telemetry));
    {
        Connection db(connection());
        db.execute("INSERT INTO schema_migrations VALUES ('default', 99, '0099_later', 0)");
    }

    const Result<SchemaVersions> refused = migrate_sqlite_store(options(), telemetry);
    const auto repository = make_sqlite_repository(options(), telemetry);
    const auto listed = await(repository->list({}, test::within(std::chrono::seconds(20))));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_THAT(refused.error().message, HasSubstr("99"));
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().code, ErrorCode::unavailable);
    EXPECT_EQ(repository->status().state, StoreStatus::State::failed);
    EXPECT_THAT(repository->status().error, HasSubstr("newer"));
}

}  // namespace

}  // namespace rag::sqlite
