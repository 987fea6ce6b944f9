#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/lexical.hpp"
#include "domain/limits.hpp"
#include "searched.hpp"
#include "synthetic_chunks.hpp"

/// Searches of one caller in made-up conversations: how long `candidates` takes, what a chunk costs
/// in memory, and whether the best by vector and by words are those of exhaustive scoring.
namespace rag {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::size_t chunks = 100'000;
    std::size_t questions = 1'000;
    std::size_t checked = 20;  // Questions that are compared with exhaustive scoring.
    std::size_t threads = 1;
    std::uint64_t seed = 1;
    bool index_only = false;
    bool json = false;
};

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Of this process: what a search costs even where other programs take turns on the machine.
double cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t all = 0, resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// What exhaustive scoring needs of a chunk.
struct PlainChunk {
    std::optional<std::string> author_type;
    std::string title;
    std::vector<float> vector;
    std::vector<Term> terms;
    std::uint32_t length;
};

struct Case {
    const char* name = "";
    Filter filter;
};

std::vector<Case> cases() {
    std::vector<Case> all{{"none", {}}, {"50 %", {}}, {"5 %", {}}, {"0.1 %", {}}};
    all[1].filter.author_type = "user";
    all[2].filter.scenario_title = synthetic::kTitleOfTwentieth;
    all[3].filter.scenario_title = synthetic::kTitleOfThousandth;
    return all;
}

bool passes(const Filter& filter, const PlainChunk& chunk) {
    return (!filter.author_type || filter.author_type == chunk.author_type) &&
           (!filter.scenario_title || *filter.scenario_title == chunk.title);
}

using Scores = std::vector<double>;

void keep_best(Scores& scores, std::size_t count) {
    std::sort(scores.begin(), scores.end(), std::greater<>());
    if (scores.size() > count) scores.resize(count);
}

Scores best_by_vector(const std::vector<PlainChunk>& chunks, const ChunkQuery& query) {
    Scores scores;
    for (const PlainChunk& chunk : chunks) {
        if (!passes(query.filter, chunk)) continue;
        double sum = 0;
        for (std::size_t i = 0; i < chunk.vector.size(); ++i) {
            sum += static_cast<double>(chunk.vector[i]) * query.embedding[i];
        }
        scores.push_back(sum);
    }
    keep_best(scores, query.pool_size);
    return scores;
}

Scores best_by_words(const std::vector<PlainChunk>& chunks, const ChunkQuery& query) {
    double length = 0;
    std::unordered_map<std::string, std::size_t> containing;
    for (const PlainChunk& chunk : chunks) {
        length += chunk.length;
        for (const Term& term : chunk.terms) {
            if (std::ranges::count(query.terms, term.text) > 0) ++containing[term.text];
        }
    }
    const auto mean = static_cast<float>(length / static_cast<double>(chunks.size()));
    float sum = 0;
    for (const auto& [term, count] : containing) sum += lexical::idf(chunks.size(), count);

    Scores scores;
    for (const PlainChunk& chunk : chunks) {
        if (!passes(query.filter, chunk)) continue;
        double score = 0;
        for (const Term& term : chunk.terms) {
            const auto found = containing.find(term.text);
            if (found == containing.end()) continue;
            score += lexical::idf(chunks.size(), found->second) / sum *
                     lexical::bm25_share(
                         static_cast<float>(term.count), static_cast<float>(chunk.length), mean
                     );
        }
        if (score > 0) scores.push_back(score);
    }
    keep_best(scores, query.pool_size);
    return scores;
}

/// Share of the best that was found; one as good as the last of them counts as well.
struct Recall {
    std::size_t wanted = 0;
    std::size_t found = 0;

    void add(const Scores& best, const std::vector<double>& scores) {
        constexpr double kRounding = 3e-6;
        wanted += best.size();
        if (best.empty()) return;
        const auto good = std::ranges::count_if(scores, [&best](double score) {
            return score >= best.back() - kRounding;
        });
        found += std::min(best.size(), static_cast<std::size_t>(good));
    }
    double share() const {
        return wanted == 0 ? 1 : static_cast<double>(found) / static_cast<double>(wanted);
    }
};

struct Outcome {
    const char* name = "";
    double p50 = 0, p99 = 0, cpu_p50 = 0, candidates = 0, rows = 0;
    Recall dense, lexical;
};

class Bench {
public:
    explicit Bench(const Options& options)
        : options_(options),
          source_({.chunks = options.chunks, .seed = options.seed}),
          searched_(
              options.index_only ? searched_index(options.threads) : searched_store(options.threads)
          ) {}

    void run() {
        build();
        for (std::size_t i = 0; i < options_.questions; ++i) {
            questions_.push_back(source_.question());
            questions_.back().pool_size = limits::kPoolSize;
        }
        for (const Case& one : cases()) outcomes_.push_back(measure(one));
        options_.json ? print_json() : print_table();
    }

private:
    void build() {
        std::vector<sqlite::IndexedChunk> conversation;
        sqlite::IndexedChunk chunk;
        const std::size_t before = resident_bytes();
        for (bool more = true; more;) {
            more = source_.next(chunk);
            const bool other = !conversation.empty() &&
                               conversation.front().conversation_id != chunk.conversation_id;
            if (!more || other) {
                const auto start = Clock::now();
                searched_->add(std::exchange(conversation, {}));
                build_ms_ += ms_since(start);
            }
            if (!more) break;
            if (options_.checked > 0) remember(chunk);
            conversation.push_back(std::move(chunk));
        }
        searched_->finish();
        resident_ = resident_bytes() - before;
    }

    void remember(const sqlite::IndexedChunk& chunk) {
        plain_.push_back(
            {chunk.author_type,
             *chunk.header.scenario_title,
             chunk.embedding.vector,
             chunk.terms,
             chunk.length}
        );
    }

    Outcome measure(const Case& one) {
        Outcome outcome;
        outcome.name = one.name;
        std::vector<double> times, cpu_times;
        for (std::size_t i = 0; i < questions_.size(); ++i) {
            ChunkQuery& query = questions_[i];
            query.filter = one.filter;
            const double cpu_start = cpu_ms();
            const auto start = Clock::now();
            const CandidateSet set = searched_->candidates(query);
            cpu_times.push_back(cpu_ms() - cpu_start);
            times.push_back(ms_since(start));
            outcome.candidates += static_cast<double>(set.candidates.size());
            outcome.rows += static_cast<double>(set.row_pieces.size());
            if (i < options_.checked) check(query, set, outcome);
        }
        std::sort(times.begin(), times.end());
        std::sort(cpu_times.begin(), cpu_times.end());
        outcome.cpu_p50 = cpu_times[cpu_times.size() / 2];
        outcome.p50 = times[times.size() / 2];
        outcome.p99 = times[times.size() * 99 / 100];
        outcome.candidates /= static_cast<double>(times.size());
        outcome.rows /= static_cast<double>(times.size());
        return outcome;
    }

    void check(const ChunkQuery& query, const CandidateSet& set, Outcome& outcome) const {
        std::vector<double> cosines, words;
        for (const Candidate& candidate : set.candidates) {
            if (candidate.dense_rank > 0) cosines.push_back(candidate.cosine);
            if (candidate.lexical_rank > 0) words.push_back(candidate.bm25);
        }
        outcome.dense.add(best_by_vector(plain_, query), cosines);
        outcome.lexical.add(best_by_words(plain_, query), words);
    }

    void print_table() const {
        std::printf(
            "%zu chunks, %s, %zu threads a search; written in %.1f s\n",
            options_.chunks,
            options_.index_only ? "the index alone" : "through the repository port",
            options_.threads,
            build_ms_ / 1000
        );
        if (const std::size_t bytes = searched_->memory_bytes(); bytes > 0) {
            std::printf("memory: %.0f bytes a chunk counted\n", per_chunk(bytes));
        }
        // With what is kept to check, the process says nothing of the index.
        if (options_.checked == 0) {
            std::printf("memory: %.0f bytes a chunk resident\n", per_chunk(resident_));
        }
        std::printf(
            "%zu questions a filter, %zu of them checked\n", questions_.size(), options_.checked
        );
        std::printf("filter | p50 ms | p99 ms | CPU p50 ms | candidates | chunks with token matches"
        );
        std::printf(" | recall by vector | by words\n");
        for (const Outcome& one : outcomes_) {
            std::printf(
                "%s | %.2f | %.2f | %.2f | %.0f | %.0f | %.6f | %.6f\n",
                one.name,
                one.p50,
                one.p99,
                one.cpu_p50,
                one.candidates,
                one.rows,
                one.dense.share(),
                one.lexical.share()
            );
        }
    }

    void print_json() const {
        std::printf(
            "{\"chunks\":%zu,\"threads\":%zu,\"index_only\":%s,\"bytes_per_chunk\":%.0f,"
            "\"filters\":[",
            options_.chunks,
            options_.threads,
            options_.index_only ? "true" : "false",
            per_chunk(searched_->memory_bytes())
        );
        const char* comma = "";
        for (const Outcome& one : outcomes_) {
            std::printf(
                "%s{\"filter\":\"%s\",\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_p50_ms\":%.3f,"
                "\"candidates\":%.1f,"
                "\"recall_by_vector\":%.6f,\"recall_by_words\":%.6f}",
                comma,
                one.name,
                one.p50,
                one.p99,
                one.cpu_p50,
                one.candidates,
                one.dense.share(),
                one.lexical.share()
            );
            comma = ",";
        }
        std::printf("]}\n");
    }

    double per_chunk(std::size_t bytes) const {
        return static_cast<double>(bytes) / static_cast<double>(options_.chunks);
    }

    Options options_;
    synthetic::Chunks source_;
    std::unique_ptr<Searched> searched_;
    std::vector<PlainChunk> plain_;
    std::vector<ChunkQuery> questions_;
    std::vector<Outcome> outcomes_;
    double build_ms_ = 0;
    std::size_t resident_ = 0;
};

}  // namespace
}  // namespace rag

int main(int argc, char** argv) {
    rag::Options options;
    CLI::App app("Latency, memory and recall of search in made-up conversations");
    app.add_option("--chunks", options.chunks)->check(CLI::Range(100, 10'000'000));
    app.add_option("--questions", options.questions)->check(CLI::Range(1, 1'000'000));
    app.add_option("--checked", options.checked, "Questions compared with exhaustive scoring");
    app.add_option("--threads", options.threads, "Threads of one search")->check(CLI::Range(1, 64));
    app.add_option("--seed", options.seed);
    app.add_flag("--index-only", options.index_only, "Leave out the store around the index");
    app.add_flag("--json", options.json);
    CLI11_PARSE(app, argc, argv);
    rag::Bench(options).run();
}
