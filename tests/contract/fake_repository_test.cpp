#include "contract/conversation_repository_change_contract.hpp"
#include "contract/conversation_repository_search_contract.hpp"
#include "contract/conversation_repository_tenant_contract.hpp"
#include "support/fake_conversation_repository.hpp"

namespace rag::test {

namespace {

class FakeUnderTest final : public RepositoryUnderTest {
public:
    FakeUnderTest() = default;
    FakeUnderTest(std::size_t overlooked_each, SearchPromise promise) {
        repository_.overlook_each(overlooked_each, promise);
    }

    ConversationRepository& repository() override { return repository_; }
    void pass_time(std::chrono::milliseconds time) override { repository_.pass_time(time); }

private:
    FakeConversationRepository repository_;
};

std::vector<std::string> broken(std::size_t overlooked_each, SearchPromise promise) {
    FakeConversationRepository repository;
    (void)await(repository.use_space(test_space(), SearchCorpus::soon()));
    repository.overlook_each(overlooked_each, promise);
    return broken_promises(promise, SearchCorpus(repository).search());
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Fake, ConversationRepositoryContract, testing::Values([] {
                             return std::make_unique<FakeUnderTest>();
                         }));

// As a store with an approximate index: what it promises is a share.
INSTANTIATE_TEST_SUITE_P(Approximate, ConversationRepositoryContract, testing::Values([] {
                             return std::make_unique<FakeUnderTest>(10, SearchPromise{0.9});
                         }));

// Controls: the suite must find out who promises too much.

TEST(SearchPromise, IsBrokenByAStoreThatFindsLessThanItsShare) {
    EXPECT_THAT(broken(10, {0.9}), IsEmpty());
    EXPECT_THAT(broken(4, {0.9}), Contains(HasSubstr("recall by vector")));
    EXPECT_THAT(broken(4, {0.9}), Contains(HasSubstr("recall by words")));
}

TEST(SearchPromise, IsBrokenByAStoreThatClaimsToBeExactAndIsNot) {
    EXPECT_THAT(broken(0, {}), IsEmpty());
    EXPECT_THAT(broken(10, {}), Contains(HasSubstr("candidate")));
}

TEST(SearchPromise, IsBrokenByOneWrongMeasureWhateverTheShare) {
    FakeConversationRepository repository;
    ASSERT_TRUE(await(repository.use_space(test_space(), SearchCorpus::soon())));
    std::vector<CheckedSearch> searches = SearchCorpus(repository).search();

    searches[0].found.candidates[0].bm25_window += 0.01F;

    EXPECT_THAT(broken_promises({0.5}, searches), ElementsAre(HasSubstr("bm25 of the window")));
}

}  // namespace rag::test
