#include <atomic>

#include "contract/conversation_repository_change_contract.hpp"
#include "contract/conversation_repository_search_contract.hpp"
#include "contract/conversation_repository_tenant_contract.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

namespace rag::test {

namespace {

class SqliteUnderTest final : public RepositoryUnderTest {
public:
    explicit SqliteUnderTest(SqliteTestOptions test = {}) : test_(std::move(test)) { open(); }

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
        options.test = test_;
        repository_ = make_sqlite_repository(std::move(options), telemetry_);
    }

    const SqliteTestOptions test_;
    TempFolder folder_;
    FakeTelemetry telemetry_;
    FakeAnalyzer analyzer_;
    std::atomic<std::int64_t> now_ = 1'760'000'000'000;
    std::unique_ptr<ConversationRepository> repository_;
};

/// A store in which the one statement that holds `fragment` reads every tenant's rows.
RepositoryFactory without_tenant_in(std::string fragment) {
    SqliteTestOptions test;
    test.rewritten_statement = [fragment](std::string_view statement) {
        constexpr std::string_view kTenant = "tenant_id = ?1";
        std::string text(statement);
        if (text.find(fragment) == std::string::npos) return text;
        for (std::size_t at = 0; (at = text.find(kTenant, at)) != std::string::npos;) {
            text.replace(at, kTenant.size(), "tenant_id <> ?1 || '!'");
        }
        return text;
    };
    return [test] { return std::make_unique<SqliteUnderTest>(test); };
}

}  // namespace

/// The control run: the comparison of two tenants must see a statement that has lost its tenant.
class StatementWithoutTenant : public testing::TestWithParam<const char*> {};

TEST_P(StatementWithoutTenant, IsCaught) {
    const RepositoryFactory sound = [] { return std::make_unique<SqliteUnderTest>(); };

    const TenantsCompared compared =
        compare_tenants(without_tenant_in(GetParam()), sound, 1'200, 7);

    EXPECT_GT(compared.different, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite,
    StatementWithoutTenant,
    testing::Values(
        "FROM messages m WHERE m.tenant_id = ?1 AND m.conversation_id",
        "FROM conversations c WHERE c.tenant_id = ?1 AND c.id = ?2",
        "ORDER BY c.last_message_at DESC",
        "ORDER BY c.created_at DESC",
        "SELECT id FROM conversations WHERE tenant_id = ?1 AND fingerprint",
        "FROM conversation_chunks k WHERE k.tenant_id = ?1 AND k.id = ?2",
        "AND k.conversation_id = ?2 ORDER BY k.order_index",
        "FROM idempotency_records WHERE tenant_id = ?1 AND scope",
        "SELECT conversations, messages, chunks, terms_length",
        "SELECT chunks FROM embedding_spaces",
        "UPDATE conversations SET fingerprint",
        "UPDATE corpus_statistics SET conversations",
        "UPDATE embedding_spaces SET chunks",
        "UPDATE counters SET value",
        "UPDATE conversations SET scenario_title",
        "UPDATE conversations AS c SET fingerprint",
        "DELETE FROM messages",
        "DELETE FROM conversation_chunks",
        "FROM conversations c WHERE c.tenant_id = ?1 AND c.external_id",
        "DELETE FROM conversations"
    )
);

INSTANTIATE_TEST_SUITE_P(Sqlite, ConversationRepositoryContract, testing::Values([] {
                             return std::make_unique<SqliteUnderTest>();
                         }));

}  // namespace rag::test
