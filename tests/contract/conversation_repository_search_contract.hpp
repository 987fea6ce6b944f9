#pragma once

#include <gmock/gmock.h>

#include "contract/conversation_repository_reading_contract.hpp"
#include "contract/search_corpus.hpp"

namespace rag::test {

// The part of the contract about what a search finds: exactly what exhaustive scoring gives, or the
// share of it that the store promises.

TEST_P(ConversationRepositoryContract, ASearchFindsWhatTheStorePromises) {
    SearchCorpus corpus(repository());

    const std::vector<CheckedSearch> searches = corpus.search();

    EXPECT_THAT(broken_promises(repository().search_promise(), searches), IsEmpty());
    const auto found_something = [](const CheckedSearch& search) {
        return !search.all.candidates.empty();
    };
    EXPECT_GT(std::ranges::count_if(searches, found_something), std::ssize(searches) * 3 / 4);
}

}  // namespace rag::test
