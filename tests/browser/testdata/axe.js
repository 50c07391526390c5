// Evaluates to what axe-core finds wrong with the page as it is shown now, as sentences. axe.min.js has to be there.
(async () => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    preload: false, // the pages load nothing that axe would have to fetch
    rules: { "target-size": { enabled: true } }, // of WCAG 2.2 AA, and off unless asked for
  });
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => {
      const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
      return `axe, rule ${rule.id}, ${node.target.join(" in ")}: ${rule.help}. ${why}`;
    }),
  );
})();
