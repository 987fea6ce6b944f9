#include "writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "sql.hpp"
#include "sqlite/factory.hpp"
#include "support/await.hpp"
#include "support/fake_telemetry.hpp"
#include "support/power_cut_vfs.hpp"
#include "support/temp_folder.hpp"

namespace rag::sqlite {

namespace {

using namespace std::chrono_literals;
using test::await;
using test::in;
using test::within;

class WriterTest : public testing::Test {
protected:
    WriterTest() {
        options.connection.path = folder.path() / kSqliteFileName;
        options.connection.mode = OpenMode::read_write;
        options.connection.vfs = vfs.name();
        options.queue = {.count_max = 64, .bytes_max = 1'000'000};
        options.deadlines = &deadlines;
        options.clock = [] { return Timestamp{1'000}; };
        writer.emplace(options, condition, telemetry);
    }

    /// Starts the work and answers its outcome through a future, from a thread of its own.
    template <class Work>
    std::future<Result<int>> start(Work work, Deadline deadline = in(30s)) {
        return std::async(std::launch::async, [this, work, deadline] {
            return await(writer->submit(work, 10, CallContext::of_default_tenant(deadline)));
        });
    }

    static void touch(TenantConnection& db, const std::string& name) {
        db.run("INSERT INTO counters VALUES (?1, ?2, 1)", name);
    }
    std::int64_t touched() {
        auto count = [](WriteSession& session) {
            return Result<std::int64_t>(
                session.db.integer("SELECT COUNT(*) FROM counters WHERE tenant_id = ?1") - 3
            );
        };
        return await(writer->submit(count, 1, within(30s))).value();
    }

    test::PowerCutVfs vfs{"writer-test", 1};
    test::TempFolder folder;
    test::FakeTelemetry telemetry;
    StoreCondition condition;
    Deadlines deadlines;
    WriterOptions options;
    std::optional<Writer> writer;
};

TEST_F(WriterTest, RequestsThatWaitTogetherShareOneCommit) {
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    std::promise<void> entered;
    auto blocked = start([&](WriteSession&) -> Result<int> {
        entered.set_value();
        opened.wait();
        return 0;
    });
    entered.get_future().wait();
    const std::int64_t syncs = vfs.syncs();
    std::vector<std::future<Result<int>>> writes;
    for (int i = 0; i < 20; ++i) {
        writes.push_back(start([i](WriteSession& session) -> Result<int> {
            touch(session.db, "write " + std::to_string(i));
            return i;
        }));
    }
    while (writer->waiting() < 20) std::this_thread::yield();

    gate.set_value();
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(writes[static_cast<std::size_t>(i)].get().value(), i);
    }

    EXPECT_TRUE(blocked.get());
    EXPECT_LE(vfs.syncs() - syncs, 2);
    EXPECT_EQ(touched(), 20);
}

TEST_F(WriterTest, OneThatFailsIsRolledBackAlone) {
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    auto first = start([opened](WriteSession& session) -> Result<int> {
        opened.wait();
        touch(session.db, "first");
        return 1;
    });
    auto refused = start([](WriteSession& session) -> Result<int> {
        touch(session.db, "refused");
        return fail(ErrorCode::conflict, "no");
    });
    auto broken = start([](WriteSession& session) -> Result<int> {
        touch(session.db, "broken");
        touch(session.db, "broken");
        return 1;
    });
    auto thrown = start([](WriteSession& session) -> Result<int> {
        touch(session.db, "thrown");
        throw std::runtime_error("unexpected");
    });
    gate.set_value();

    EXPECT_TRUE(first.get());
    EXPECT_EQ(refused.get().error().code, ErrorCode::conflict);
    EXPECT_EQ(broken.get().error().code, ErrorCode::internal);
    EXPECT_EQ(thrown.get().error().code, ErrorCode::internal);
    EXPECT_EQ(touched(), 1);
}

TEST_F(WriterTest, AQueuedWriteIsAnsweredAtItsDeadlineAndNotDone) {
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    std::promise<void> entered;
    auto running = start(
        [&](WriteSession& session) -> Result<int> {
            entered.set_value();
            opened.wait();
            touch(session.db, "running");
            return 1;
        },
        in(10s)
    );
    entered.get_future().wait();

    auto queued = start(
        [](WriteSession& session) -> Result<int> {
            touch(session.db, "queued");
            return 1;
        },
        in(50ms)
    );

    // It is answered while the other still runs.
    EXPECT_EQ(queued.get().error().code, ErrorCode::timeout);
    gate.set_value();
    EXPECT_TRUE(running.get());
    EXPECT_EQ(touched(), 1);
}

TEST_F(WriterTest, FinishesWhatIsQueuedWhenItIsClosed) {
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    std::promise<void> entered;
    auto running = start([&](WriteSession&) -> Result<int> {
        entered.set_value();
        opened.wait();
        return 1;
    });
    entered.get_future().wait();
    auto queued = start([](WriteSession& session) -> Result<int> {
        touch(session.db, "queued");
        return 2;
    });
    while (writer->waiting() < 1) std::this_thread::yield();

    auto closing = std::async(std::launch::async, [&] { writer.reset(); });
    gate.set_value();
    closing.wait();

    EXPECT_TRUE(running.get());
    EXPECT_EQ(queued.get().value(), 2);
    EXPECT_FALSE(std::filesystem::exists(options.connection.path + "-wal"))
        << "The log was not moved into the store.";
    writer.emplace(options, condition, telemetry);
    EXPECT_EQ(touched(), 1);
}

TEST_F(WriterTest, TheLogStaysBounded) {
    const std::string wal = options.connection.path + "-wal";
    std::uintmax_t largest = 0;
    for (int i = 0; i < 60; ++i) {
        auto big = [i](WriteSession& session) -> Result<int> {
            session.db.run(
                "INSERT INTO idempotency_records VALUES (?1, 0, ?2, x'', 1, zeroblob(1000000), "
                "9)",
                std::to_string(i)
            );
            return i;
        };
        ASSERT_TRUE(await(writer->submit(big, 10, within(30s))));
        largest = std::max(largest, std::filesystem::file_size(wal));
    }

    EXPECT_LT(largest, std::uintmax_t{24} << 20);
}

TEST_F(WriterTest, ForgetsExpiredAnswersAndOldChangesFasterThanTheyCome) {
    constexpr std::int64_t kDayMs = 24 * 3'600'000;
    std::atomic<std::int64_t> time = 1'000;
    options.clock = [&time] { return Timestamp{time}; };
    options.changes_kept = 10;
    writer.reset();
    writer.emplace(options, condition, telemetry);
    auto fill = [](WriteSession& session) -> Result<int> {
        session.db.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 1200 AND ?1 <> '') INSERT INTO idempotency_records"
            " SELECT ?1, 0, 'key ' || i, x'', 200, x'', 1000 FROM n WHERE ?1 <> ''"
        );
        session.db.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 1200 AND ?1 <> '') INSERT INTO changes"
            " SELECT ?1, i, 'insert', i, 1000 FROM n WHERE ?1 <> ''"
        );
        session.db.integer(sql::kAdvanceCounter, "change_seq", 1'200);
        return 0;
    };
    ASSERT_TRUE(await(writer->submit(fill, 1, within(30s))));

    time += kDayMs + 1;
    auto left = [](WriteSession& session) -> Result<std::pair<std::int64_t, std::int64_t>> {
        return std::pair{
            session.db.integer("SELECT COUNT(*) FROM idempotency_records WHERE tenant_id = ?1"),
            session.db.integer("SELECT COUNT(*) FROM changes WHERE tenant_id = ?1")};
    };
    std::vector<std::pair<std::int64_t, std::int64_t>> counts;
    for (int commit = 0; commit < 4; ++commit) {
        counts.push_back(await(writer->submit(left, 1, within(30s))).value());
    }

    // The purge follows the writes that it shares a commit with.
    using testing::Pair;
    EXPECT_THAT(
        counts,
        testing::ElementsAre(Pair(1'200, 1'200), Pair(700, 700), Pair(200, 200), Pair(0, 10))
    );
}

TEST_F(WriterTest, ADeadlineThatHasPassedIsAnsweredAtOnce) {
    auto work = [](WriteSession&) -> Result<int> { return 1; };

    EXPECT_EQ(await(writer->submit(work, 1, within(-1ms))).error().code, ErrorCode::timeout);
}

}  // namespace

}  // namespace rag::sqlite
