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
    for (const CheckedSearch& search : searches) EXPECT_FALSE(search.all.candidates.empty());
}

}  // namespace rag::test
