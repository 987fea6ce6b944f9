#include <atomic>

#include "contract/conversation_repository_search_contract.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

namespace rag::test {

namespace {

class SqliteUnderTest final : public RepositoryUnderTest {
public:
    SqliteUnderTest() { open(); }

    ConversationRepository& repository() override { return *repository_; }
    void pass_time(std::chrono::milliseconds time) override { now_ += time.count(); }
    bool reopen() override {
        repository_.reset();
        open();
        return true;
    }

private:
    void open() {
        SqliteOptions options;
        options.data_dir = folder_.path();
        options.analyzer = &analyzer_;
        options.clock = [this] { return Timestamp{now_}; };
        repository_ = make_sqlite_repository(std::move(options), telemetry_);
    }

    TempFolder folder_;
    FakeTelemetry telemetry_;
    FakeAnalyzer analyzer_;
    std::atomic<std::int64_t> now_ = 1'760'000'000'000;
    std::unique_ptr<ConversationRepository> repository_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Sqlite, ConversationRepositoryContract, testing::Values([] {
                             return std::make_unique<SqliteUnderTest>();
                         }));

}  // namespace rag::test
