#include "metric_text.hpp"

#include <charconv>
#include <cmath>

namespace rag {
namespace {

constexpr std::string_view kTotal = "_total";

void append_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += std::isnan(value) ? "NaN" : (value > 0 ? "+Inf" : "-Inf");
        return;
    }
    char digits[32];
    const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, end.ptr);
}

/// OpenMetrics wants bounds to look like floating point: "1.0".
std::string bound_text(double bound, MetricsFormat format) {
    std::string text;
    append_number(text, bound);
    const bool whole = text.find_first_not_of("0123456789") == std::string::npos;
    if (format == MetricsFormat::open_metrics && whole) text += ".0";
    return text;
}

void append_escaped(std::string& out, std::string_view text, bool escape_quotes) {
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || (c == '"' && escape_quotes)) out += '\\';
        out += c;
    }
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
    out += out.ends_with('{') ? "" : ",";
    out += name;
    out += "=\"";
    append_escaped(out, value, true);
    out += '"';
}

/// `bound`: the "le" label of a bucket, or empty.
void append_labels(
    std::string& out,
    const FamilySample& sample,
    const ChildSample& child,
    std::string_view bound = {}
) {
    if (sample.label_names.empty() && bound.empty()) return;
    out += '{';
    for (std::size_t i = 0; i < sample.label_names.size(); ++i) {
        append_label(out, sample.label_names[i], child.labels[i]);
    }
    if (!bound.empty()) append_label(out, "le", bound);
    out += '}';
}

void append_histogram(
    std::string& out, const FamilySample& sample, const ChildSample& child, MetricsFormat format
) {
    const std::string name(sample.family->name);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < child.buckets.size(); ++i) {
        count += child.buckets[i];
        const bool last = i + 1 == child.buckets.size();
        out += name + "_bucket";
        append_labels(
            out, sample, child, last ? "+Inf" : bound_text(sample.family->buckets[i], format)
        );
        out += " " + std::to_string(count) + "\n";
    }
    out += name + "_sum";
    append_labels(out, sample, child);
    out += ' ';
    append_number(out, child.value);
    out += "\n" + name + "_count";
    append_labels(out, sample, child);
    out += " " + std::to_string(count) + "\n";
}

}  // namespace

std::string_view name_of(MetricKind kind) {
    switch (kind) {
        case MetricKind::counter:
            return "counter";
        case MetricKind::gauge:
            return "gauge";
        case MetricKind::histogram:
            return "histogram";
    }
    return "";
}

void append_family(std::string& out, const FamilySample& sample, MetricsFormat format) {
    const MetricFamily& family = *sample.family;
    std::string_view described = family.name;
    // OpenMetrics names a counter's family without the suffix of its sample.
    if (format == MetricsFormat::open_metrics && family.kind == MetricKind::counter) {
        described.remove_suffix(kTotal.size());
    }
    out += "# HELP " + std::string(described) + " ";
    append_escaped(out, family.help, format == MetricsFormat::open_metrics);
    out += "\n# TYPE " + std::string(described) + " " + std::string(name_of(family.kind)) + "\n";
    for (const ChildSample& child : sample.children) {
        if (family.kind == MetricKind::histogram) {
            append_histogram(out, sample, child, format);
            continue;
        }
        out += family.name;
        append_labels(out, sample, child);
        out += ' ';
        append_number(out, child.value);
        out += '\n';
    }
}

}  // namespace rag
