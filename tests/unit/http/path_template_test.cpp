#include "path_template.hpp"

#include <gmock/gmock.h>

namespace rag::http {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

TEST(PathTemplate, APlaceStandsForOneSegmentThatIsNotEmpty) {
    EXPECT_TRUE(fits("/cache/key/{key}", "/cache/key/a"));
    EXPECT_FALSE(fits("/cache/key/{key}", "/cache/key/"));
    EXPECT_FALSE(fits("/cache/key/{key}", "/cache/key"));
    EXPECT_FALSE(fits("/cache/key/{key}", "/cache/key/a/b"));
    EXPECT_FALSE(fits("/cache/key/{key}", "/cache/kex/a"));
    EXPECT_TRUE(fits("/a/{x}/b/{y}", "/a/1/b/2"));
    EXPECT_FALSE(fits("/a/{x}/b/{y}", "/a/1/c/2"));
    EXPECT_FALSE(fits("/a/{x}/b/{y}", "/a/1/b"));
    EXPECT_FALSE(fits("/a/{x}/b/{y}", "/a/1/b/2/"));
    EXPECT_FALSE(fits("/{x}", ""));
}

TEST(PathTemplate, ASlashAtTheEndOfAPathSaysNothing) {
    EXPECT_EQ(without_end_slash("/search/"), "/search");
    EXPECT_EQ(without_end_slash("/search"), "/search");
    EXPECT_EQ(without_end_slash("/search//"), "/search/");
    EXPECT_EQ(without_end_slash("/"), "/");
    EXPECT_EQ(without_end_slash(""), "");
}

TEST(PathTemplate, APlaceWithDotsStandsForAllThatFollows) {
    EXPECT_TRUE(fits("/static/{path...}", "/static/a"));
    EXPECT_TRUE(fits("/static/{path...}", "/static/a/b/c.js"));
    EXPECT_FALSE(fits("/static/{path...}", "/static/"));
    EXPECT_FALSE(fits("/static/{path...}", "/static"));
    EXPECT_FALSE(fits("/static/{path...}", "/statics/a"));
}

TEST(PathTemplate, TellsWhatStoodForEachPlace) {
    const auto is = [](std::string_view name, std::string_view text) {
        return testing::AllOf(Field(&PlaceInPath::name, name), Field(&PlaceInPath::text, text));
    };

    EXPECT_THAT(places("/a/{x}/b/{y}", "/a/1/b/2"), ElementsAre(is("x", "1"), is("y", "2")));
    EXPECT_THAT(places("/s/{path...}", "/s/b/c.js"), ElementsAre(is("path", "b/c.js")));
    EXPECT_THAT(places("/search", "/search"), IsEmpty());
    EXPECT_THAT(place_names("/a/{x}/b/{y...}"), ElementsAre("x", "y"));
}

TEST(PathTemplate, TextWinsOverAPlaceAndAPlaceOverTheRest) {
    EXPECT_TRUE(is_more_exact("/conversations/ingest", "/conversations/{id}"));
    EXPECT_FALSE(is_more_exact("/conversations/{id}", "/conversations/ingest"));
    EXPECT_TRUE(is_more_exact("/static/{name}", "/static/{path...}"));
    EXPECT_TRUE(is_more_exact("/a/b/{x}", "/a/{x}/c"));
    EXPECT_FALSE(is_more_exact("/a/{x}", "/a/{y}"));
}

}  // namespace
}  // namespace rag::http
