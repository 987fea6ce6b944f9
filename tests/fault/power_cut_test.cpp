#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include "contract/repository_fixture.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/power_cut_vfs.hpp"
#include "support/temp_folder.hpp"

/// The power goes at random moments while four writers store: what was acknowledged must be there
/// afterwards, everything as a whole, and once even if it is written again.
namespace rag::test {

namespace {

constexpr int kWriters = 4;
constexpr int kRounds = 3;  // Power cuts that one store lives through.
// Until the power goes: from within the opening of the store to after some checkpoint.
constexpr std::array<std::int64_t, 3> kOperationsMost{30, 400, 2'000};

/// Stores that the main test goes through; more by POWER_CUT_STORES.
int stores_wanted() {
    const char* wanted = std::getenv("POWER_CUT_STORES");
    return wanted ? std::atoi(wanted) : 20;
}

/// A write, and what became of it.
struct Attempt {
    std::string tenant;
    std::string key;
    std::string word;  // That no other text holds.
    std::size_t messages = 0;
    std::optional<ConversationId> id;  // Of one that was acknowledged.
};

/// What a crash left behind, compared with what was acknowledged.
struct Damage {
    int lost = 0;
    int halved = 0;
    int doubled = 0;
    bool unreadable = false;  // The store does not open, or `verify` finds it damaged.

    bool any() const { return lost > 0 || halved > 0 || doubled > 0 || unreadable; }
};

std::ostream& operator<<(std::ostream& out, const Damage& damage) {
    return out << damage.lost << " lost, " << damage.halved << " halved, " << damage.doubled
               << " doubled" << (damage.unreadable ? ", damaged" : "");
}

NewConversation conversation_for(const Attempt& attempt) {
    std::vector<Message> messages;
    for (std::size_t place = 0; place < attempt.messages; ++place) {
        const std::string number = std::to_string(place);
        messages.push_back(said(place % 2 == 0 ? "ana" : "ben", attempt.word + " says " + number));
    }
    return conversation_of(std::move(messages), attempt.key);
}

class PowerCut {
public:
    PowerCut(std::uint64_t seed, SqliteTestOptions broken)
        : dice_(seed), vfs_("power-cut-" + std::to_string(seed), seed), broken_(std::move(broken)) {
        broken_.vfs = vfs_.name();
    }

    /// Rounds of writing until the power goes, putting it back on, and looking at what is there.
    Damage run() {
        Damage damage;
        for (int round = 0; round < kRounds && !damage.any(); ++round) {
            vfs_.cut_after(static_cast<std::int64_t>(
                dice_() %
                static_cast<std::uint64_t>(kOperationsMost[dice_() % kOperationsMost.size()])
            ));
            open(kOpening);
            write_until_cut(round);
            repository_.reset();
            constexpr std::array kSurvivals{Survives::nothing, Survives::some, Survives::all};
            vfs_.restore(kSurvivals[dice_() % kSurvivals.size()]);

            if (open(kPatience)) {
                look(damage);
                repeat(damage);
            } else {
                damage.unreadable = true;
            }
            repository_.reset();  // With the power on it checkpoints and closes.
        }
        return damage;
    }

    /// Writes that are stored at the end, those of before the cuts among them.
    std::size_t acknowledged() const {
        return static_cast<std::size_t>(std::ranges::count_if(attempts_, [](const Attempt& one) {
            return one.id.has_value();
        }));
    }

private:
    // A store whose power goes while it opens never does.
    static constexpr std::chrono::milliseconds kOpening{200};

    static CallContext soon() { return within(kPatience); }
    static CallContext of(const Attempt& attempt) { return as_tenant(attempt.tenant, kPatience); }

    bool open(std::chrono::milliseconds patience) {
        SqliteOptions options;
        options.data_dir = folder_.path();
        options.test = broken_;
        repository_ = make_sqlite_repository(std::move(options), telemetry_);
        return await(repository_->use_space(test_space(), within(patience))).has_value();
    }

    void write_until_cut(int round) {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < kWriters; ++writer) {
            const std::string name = "r" + std::to_string(round) + "w" + std::to_string(writer);
            writers.emplace_back([this, name, seed = dice_()] { write(name, seed); });
        }
    }

    void write(const std::string& name, std::uint64_t seed) {
        std::mt19937_64 dice(seed);
        for (int number = 0; !vfs_.is_cut(); ++number) {
            Attempt attempt;
            attempt.tenant = "tenant " + std::to_string(dice() % 2);
            attempt.key = name + "n" + std::to_string(number);
            attempt.word = attempt.key + "word";
            attempt.messages = 1 + dice() % 6;
            const Result<WriteAnswer> answer = save(attempt);
            if (answer) attempt.id = answer->outcome.conversation_id;
            const std::lock_guard lock(mutex_);
            attempts_.push_back(std::move(attempt));
        }
    }

    Result<WriteAnswer> save(const Attempt& attempt) {
        // A writer does not wait for a store that is gone.
        const std::chrono::seconds patience(vfs_.is_cut() ? 0 : 5);
        return await(repository_->save(
            conversation_for(attempt), with_key(attempt.key), as_tenant(attempt.tenant, patience)
        ));
    }

    /// How many conversations hold the word, and whether each is whole.
    int count(const Attempt& attempt, Damage& damage) {
        ChunkQuery query;
        query.terms = {attempt.word};
        query.pool_size = 100;
        const Result<CandidateSet> found = await(repository_->candidates(query, of(attempt)));
        std::vector<ConversationId> ids;
        for (const Candidate& candidate : found.value().candidates) {
            ids.push_back(candidate.conversation_id);
        }
        ids.erase(std::ranges::unique(ids).begin(), ids.end());
        for (const ConversationId id : ids) {
            if (!is_whole(id, attempt, found->candidates)) ++damage.halved;
        }
        return static_cast<int>(ids.size());
    }

    bool is_whole(
        ConversationId id, const Attempt& attempt, const std::vector<Candidate>& candidates
    ) {
        const auto chunks = std::ranges::count(candidates, id, [](const Candidate& one) {
            return one.conversation_id;
        });
        const auto stored = await(repository_->messages(id, {0, 1'000}, kAnySize, of(attempt)));
        const NewConversation wanted = conversation_for(attempt);
        return stored && static_cast<std::size_t>(chunks) == attempt.messages &&
               std::ranges::equal(
                   *stored,
                   wanted.conversation.messages,
                   {},
                   [](const StoredMessage& one) { return one.message.content; },
                   &Message::content
               );
    }

    void look(Damage& damage) {
        const Result<VerifyReport> report = await(repository_->verify(soon()));
        damage.unreadable = !report || !report->problems.empty();
        if (damage.unreadable) return;
        for (const Attempt& attempt : attempts_) {
            const int times = count(attempt, damage);
            if (times == 0 && attempt.id) ++damage.lost;
            if (times > 1) ++damage.doubled;
        }
    }

    /// Everything is written again, with the same keys: what was there stays, once.
    void repeat(Damage& damage) {
        if (damage.unreadable) return;
        for (Attempt& attempt : attempts_) {
            const Result<WriteAnswer> again = save(attempt);
            if (!again) {
                damage.unreadable = true;
                return;
            }
            // Without its record, what was stored would come out as a duplicate of itself.
            if (!again->replayed && again->outcome.duplicate) ++damage.doubled;
            if (attempt.id && !again->replayed) ++damage.lost;
            if (count(attempt, damage) != 1) ++damage.doubled;
            if (!again->replayed) attempt.id = again->outcome.conversation_id;
        }
    }

    std::mt19937_64 dice_;
    PowerCutVfs vfs_;
    SqliteTestOptions broken_;
    TempFolder folder_;
    FakeTelemetry telemetry_;
    std::unique_ptr<ConversationRepository> repository_;
    std::mutex mutex_;
    std::vector<Attempt> attempts_;
};

TEST(PowerCut, LosesNothingThatWasAcknowledgedHalvesNothingAndDoublesNothing) {
    const std::uint64_t first = std::random_device()();
    std::size_t acknowledged = 0;
    for (int store = 0; store < stores_wanted(); ++store) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(store);
        PowerCut power_cut(seed, {});

        const Damage damage = power_cut.run();

        EXPECT_FALSE(damage.any()) << "seed " << seed << ": " << damage;
        acknowledged += power_cut.acknowledged();
    }
    std::cout << stores_wanted() * kRounds << " power cuts, " << acknowledged
              << " writes acknowledged\n";
    EXPECT_GT(acknowledged, 0u);
}

/// Which of so many stores that are broken like this is the first to be caught; 0: none.
int first_caught(const SqliteTestOptions& broken, int most) {
    const std::uint64_t first = std::random_device()();
    for (int store = 1; store <= most; ++store) {
        PowerCut power_cut(first + static_cast<std::uint64_t>(store), broken);
        const Damage damage = power_cut.run();
        if (!damage.any()) continue;
        std::cout << "caught at store " << store << ": " << damage << "\n";
        return store;
    }
    return 0;
}

// The controls: stores that are broken on purpose. If these passed, the test above would show
// nothing.

TEST(PowerCut, CatchesAStoreThatDoesNotSync) {
    SqliteTestOptions broken;
    broken.synchronous = "OFF";

    EXPECT_GT(first_caught(broken, 50), 0);
}

TEST(PowerCut, CatchesAStoreThatAcknowledgesBeforeItCommits) {
    SqliteTestOptions broken;
    broken.acknowledge_before_commit = true;

    EXPECT_GT(first_caught(broken, 50), 0);
}

}  // namespace

}  // namespace rag::test
