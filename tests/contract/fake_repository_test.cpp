#include "contract/conversation_repository_tenant_contract.hpp"
#include "support/fake_conversation_repository.hpp"

namespace rag::test {

namespace {

class FakeUnderTest final : public RepositoryUnderTest {
public:
    ConversationRepository& repository() override { return repository_; }
    void pass_time(std::chrono::milliseconds time) override { repository_.pass_time(time); }

private:
    FakeConversationRepository repository_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Fake, ConversationRepositoryContract, testing::Values([] {
                             return std::make_unique<FakeUnderTest>();
                         }));

}  // namespace rag::test
