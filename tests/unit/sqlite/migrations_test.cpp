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
};

TEST_F(Migrations, AreNumberedFromOneWithoutGaps) {
    ASSERT_FALSE(migrations().empty());
    for (int version = 1; const Migration& migration : migrations()) {
        EXPECT_EQ(migration.version, version++);
    }
}

TEST_F(Migrations, BringANewStoreToTheLastVersionAndDoNothingTheSecondTime) {
    const int last = migrations().back().version;

    const Result<SchemaVersions> first = migrate_sqlite_store(options());
    const Result<SchemaVersions> again = migrate_sqlite_store(options());

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

TEST_F(Migrations, RefuseAStoreOfANewerProgram) {
    ASSERT_TRUE(migrate_sqlite_store(options()));
    {
        Connection db(connection());
        db.execute("INSERT INTO schema_migrations VALUES ('default', 99, '0099_later', 0)");
    }

    const Result<SchemaVersions> refused = migrate_sqlite_store(options());
    test::FakeTelemetry telemetry;
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
