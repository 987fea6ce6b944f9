#include "readers.hpp"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "sqlite/factory.hpp"
#include "support/await.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

namespace rag::sqlite {

namespace {

using namespace std::chrono_literals;
using test::await;
using test::in;

class ReadersTest : public testing::Test {
protected:
    ReadersTest() {
        SqliteOptions store;
        store.data_dir = folder.path();
        EXPECT_TRUE(migrate_sqlite_store(store, telemetry));
        // Somebody writes while others read, as in the store: the log is there.
        connection.path = folder.path() / kSqliteFileName;
        connection.mode = OpenMode::read_write;
        writer.emplace(connection);
        connection.mode = OpenMode::read_only;
        readers.emplace(ReaderOptions{connection, 2, 8}, condition, deadlines);
    }

    static Result<int> one(TenantConnection& db) {
        return static_cast<int>(db.integer("SELECT 1 WHERE ?1 IS NOT NULL"));
    }

    test::TempFolder folder;
    test::FakeTelemetry telemetry;
    StoreCondition condition;
    Deadlines deadlines;
    ConnectionOptions connection;
    std::optional<Connection> writer;
    std::optional<Readers> readers;
};

TEST_F(ReadersTest, AReadIsInterruptedAtItsDeadline) {
    condition.opened();
    const auto endless = [](TenantConnection& db) -> Result<int> {
        return static_cast<int>(db.integer(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE ?1 <> '')"
            " SELECT COUNT(*) FROM n WHERE i > 0 AND ?1 <> ''"
        ));
    };

    const auto begin = std::chrono::steady_clock::now();
    const Result<int> answer = await(readers->run(endless, test::within(100ms)));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_EQ(await(readers->run(one, test::within(30s))).value(), 1);
}

TEST_F(ReadersTest, ConnectionsAreKeptAndNoMoreThanThereMayBe) {
    condition.opened();
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(await(readers->run(one, test::within(30s))));

    EXPECT_GE(readers->connections_open(), 1);
    EXPECT_LE(readers->connections_open(), 2);
}

TEST_F(ReadersTest, CannotWrite) {
    condition.opened();
    const auto write = [](TenantConnection& db) -> Result<int> {
        db.run("DELETE FROM counters WHERE tenant_id = ?1");
        return 1;
    };

    EXPECT_FALSE(await(readers->run(write, test::within(30s))));
}

TEST_F(ReadersTest, AReadWaitsUntilTheStoreIsOpenAndTakesNoConnectionMeanwhile) {
    auto io = std::make_unique<boost::asio::io_context>();
    std::optional<Result<int>> answer;
    auto read = [&]() -> Task<void> { answer = co_await readers->run(one, test::within(30s)); };
    boost::asio::co_spawn(*io, read(), boost::asio::detached);

    io->poll();
    EXPECT_FALSE(answer);
    EXPECT_EQ(readers->connections_in_use() + readers->waiting(), 0);
    condition.opened();
    io->run();

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->value(), 1);
    test::retire(std::move(io));
}

TEST_F(ReadersTest, AReadOfAStoreThatDoesNotOpenIsAnsweredAtItsDeadlineOrWithTheReason) {
    const Result<int> late = await(readers->run(one, test::within(50ms)));
    condition.open_failed({ErrorCode::corrupt, "damaged", {}});
    const Result<int> told = await(readers->run(one, test::within(30s)));

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::timeout);
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, ErrorCode::corrupt);
}

TEST_F(ReadersTest, SeesOneSnapshotHoweverMuchIsWrittenMeanwhile) {
    condition.opened();
    const auto count = [this](TenantConnection& db) -> Result<int> {
        constexpr const char* counters = "SELECT COUNT(*) FROM counters WHERE tenant_id = ?1";
        const std::int64_t before = db.integer(counters);
        writer->run("INSERT INTO counters VALUES ('default', 'x', 1)");
        return static_cast<int>(db.integer(counters) - before);
    };

    EXPECT_EQ(await(readers->run(count, test::within(30s))).value(), 0);
}

}  // namespace

}  // namespace rag::sqlite
