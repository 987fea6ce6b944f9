#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <random>
#include <thread>

#include "connection.hpp"
#include "contract/repository_fixture.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/power_cut_vfs.hpp"
#include "support/temp_folder.hpp"

/// What a store promises when the power goes, the disk fails or is full; and that tests of it can
/// fail: the control runs break the promise on purpose and must be caught.
namespace rag::test {

namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

class Durability : public testing::Test {
protected:
    std::unique_ptr<ConversationRepository> open() {
        SqliteOptions options;
        options.data_dir = folder.path() / "new" / "data";
        options.test = test;
        options.test.vfs = vfs.name();
        auto repository = make_sqlite_repository(std::move(options), telemetry);
        EXPECT_TRUE(await(repository->use_space(test_space(), within(30s))));
        return repository;
    }

    static Result<WriteAnswer> save(ConversationRepository& repository, int number) {
        std::vector<Message> messages{said("ana", "number " + std::to_string(number))};
        return await(repository.save(
            conversation_of(std::move(messages)), with_key(std::to_string(number)), within(30s)
        ));
    }

    /// Saves until the power goes, which it does after so many operations on the disk. Ids of what
    /// was acknowledged.
    std::vector<ConversationId> save_until_cut(std::int64_t operations) {
        std::vector<ConversationId> acknowledged;
        const auto repository = open();
        vfs.cut_after(operations);
        for (int number = 0;; ++number) {
            const Result<WriteAnswer> answer = save(*repository, number);
            if (!answer) break;
            if (!answer->replayed) acknowledged.push_back(answer->outcome.conversation_id);
        }
        EXPECT_TRUE(vfs.is_cut());
        return acknowledged;
    }

    static std::vector<std::string> problems(ConversationRepository& repository) {
        return await(repository.verify(within(30s))).value().problems;
    }

    /// How many of them are not there, or not wholly.
    static int lost(ConversationRepository& repository, const std::vector<ConversationId>& ids) {
        int count = 0;
        for (const ConversationId id : ids) {
            const auto messages = await(repository.messages(id, {0, 9}, kAnySize, within(30s)));
            const auto chunks = await(repository.chunks(id, kAnySize, within(30s)));
            if (!messages || messages->size() != 1 || !chunks || chunks->size() != 1) ++count;
        }
        return count;
    }

    struct Harvest {
        std::size_t acknowledged = 0;
        int lost = 0;
    };

    /// Loses the power at many points, and counts what acknowledged writes that cost.
    Harvest lose_power(Survives what, int cuts) {
        Harvest harvest;
        for (int cut = 0; cut < cuts; ++cut) {
            std::filesystem::remove_all(folder.path() / "new");
            const std::vector<ConversationId> acknowledged = save_until_cut(5 + 211 * cut);
            vfs.restore(what);
            const auto repository = open();
            harvest.acknowledged += acknowledged.size();
            harvest.lost += lost(*repository, acknowledged);
            EXPECT_THAT(problems(*repository), IsEmpty()) << "cut " << cut;
        }
        return harvest;
    }

    static void await_state(const ConversationRepository& repository, StoreStatus::State state) {
        const Deadline patience = test::in(30s);
        while (repository.status().state != state) {
            ASSERT_LT(std::chrono::steady_clock::now(), patience) << repository.status().error;
            std::this_thread::yield();
        }
    }

    PowerCutVfs vfs{"durability-test", 11};
    TempFolder folder;
    FakeTelemetry telemetry;
    SqliteTestOptions test;
};

TEST_F(Durability, APowerCutLosesNothingThatWasAcknowledged) {
    const Harvest some = lose_power(Survives::some, 8);
    const Harvest nothing = lose_power(Survives::nothing, 4);

    EXPECT_GT(some.acknowledged, 10u);
    EXPECT_EQ(some.lost, 0);
    EXPECT_GT(nothing.acknowledged, 1u);
    EXPECT_EQ(nothing.lost, 0);
}

TEST_F(Durability, WithoutSyncsAPowerCutIsCaughtLosingWrites) {
    test.synchronous = "OFF";

    EXPECT_GT(lose_power(Survives::nothing, 4).lost, 0);
}

TEST_F(Durability, AnAnswerBeforeTheCommitIsCaughtLosingWrites) {
    test.acknowledge_before_commit = true;

    EXPECT_GT(lose_power(Survives::nothing, 8).lost, 0);
}

TEST_F(Durability, AfterAFailedSyncNothingIsAcknowledgedUntilItWasOpenedAgain) {
    const auto repository = open();
    ASSERT_TRUE(save(*repository, 1));

    vfs.fail_syncs(true);
    const Result<WriteAnswer> refused = save(*repository, 2);
    const StoreStatus::State while_failing = repository->status().state;
    const bool readable = await(repository->list({}, within(30s))).has_value();
    vfs.fail_syncs(false);
    await_state(*repository, StoreStatus::State::healthy);
    const Result<WriteAnswer> again = save(*repository, 2);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_EQ(while_failing, StoreStatus::State::failed);
    EXPECT_TRUE(readable);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(await(repository->counts(within(30s)))->conversations, 2);
    EXPECT_THAT(problems(*repository), IsEmpty());
}

TEST_F(Durability, AFullDiskRefusesWritesServesReadsAndRecoversByItself) {
    const auto repository = open();
    ASSERT_TRUE(save(*repository, 1));

    vfs.fill_disk(true);
    const Result<WriteAnswer> refused = save(*repository, 2);
    const StoreStatus::State while_full = repository->status().state;
    const bool readable = await(repository->list({}, within(30s))).has_value();
    vfs.fill_disk(false);
    await_state(*repository, StoreStatus::State::healthy);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::no_space);
    EXPECT_EQ(while_full, StoreStatus::State::failed);
    EXPECT_TRUE(readable);
    EXPECT_TRUE(save(*repository, 2));
    EXPECT_THAT(problems(*repository), IsEmpty());
}

TEST_F(Durability, WhoeverHoldsTheFileHoldsUpWritesAndBreaksNothing) {
    const auto repository = open();
    sqlite::ConnectionOptions options;
    options.path = folder.path() / "new" / "data" / kSqliteFileName;
    options.vfs = vfs.name();
    options.mode = sqlite::OpenMode::read_write;
    sqlite::Connection other(options);

    other.execute("BEGIN IMMEDIATE");
    const Result<WriteAnswer> refused = save(*repository, 1);
    other.execute("ROLLBACK");
    await_state(*repository, StoreStatus::State::healthy);
    const Result<WriteAnswer> again = save(*repository, 1);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(again);
    EXPECT_THAT(problems(*repository), IsEmpty());
}

TEST_F(Durability, AWriteThatIsOnDiskIsNotRefusedWhenTheIndexCannotBeBuilt) {
    const auto repository = open();
    ASSERT_TRUE(save(*repository, 1));
    sqlite::ConnectionOptions options;
    options.path = folder.path() / "new" / "data" / kSqliteFileName;
    options.vfs = vfs.name();
    options.mode = sqlite::OpenMode::read_write;
    sqlite::Connection other(options);

    other.execute("UPDATE chunk_terms SET terms = x'80'");
    const Result<void> used = await(repository->use_space(test_space("other"), within(30s)));
    const StoreStatus::State while_broken = repository->status().state;
    other.execute("UPDATE chunk_terms SET terms = x''");
    await_state(*repository, StoreStatus::State::healthy);

    EXPECT_TRUE(used) << used.error().message;
    EXPECT_EQ(while_broken, StoreStatus::State::failed);
    EXPECT_EQ(repository->status().chunks_without_embedding, 1);
    EXPECT_TRUE(save(*repository, 2));
    EXPECT_THAT(problems(*repository), IsEmpty());
}

TEST_F(Durability, NobodyElseCanReadTheFiles) {
    const auto repository = open();
    ASSERT_TRUE(save(*repository, 1));

    int files = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder.path() / "new" / "data")) {
        struct stat found {};
        ASSERT_EQ(::stat(file.path().c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 0777, 0600u) << file.path();
        ++files;
    }

    EXPECT_EQ(files, 3);
    struct stat found {};
    ASSERT_EQ(::stat((folder.path() / "new" / "data").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST_F(Durability, AFolderThatCannotBeUsedIsAnErrorAndNotACrash) {
    SqliteOptions options;
    options.data_dir = "/dev/null/nowhere";
    const auto repository = make_sqlite_repository(std::move(options), telemetry);

    const auto listed = await(repository->list({}, within(30s)));
    const auto written = save(*repository, 1);

    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().code, ErrorCode::unavailable);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::unavailable);
    EXPECT_EQ(repository->status().state, StoreStatus::State::failed);
    // Whoever runs it must see which setting to look at, and why; where the folder is, the log
    // says.
    EXPECT_THAT(written.error().message, testing::HasSubstr("DATA_DIR"));
    EXPECT_THAT(written.error().message, testing::HasSubstr("Not a directory"));
    EXPECT_THAT(written.error().message, testing::Not(testing::HasSubstr("/dev/null")));
}

}  // namespace

}  // namespace rag::test
