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
