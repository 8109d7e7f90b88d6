-- Fills a database with many plausible cases, by arithmetic alone: {families} families of four.
-- Family f: an objection 4f+1 on record f with its verification 4f+2 and suspension 4f+3, and a
-- correction or a repair 4f+4. One family in five is under way, the others have ended;
-- nine in ten are those of the first provider and of the first department.
-- {day:X} is the day X days before MONDAY, {json:X} a text as JSON.

CREATE TEMPORARY TABLE f AS
SELECT i AS f, i % 5 = 0 AS open, i % {subjects} + 1 AS subject, {provider} + i % 10 / 9 AS provider,
       {executor} + i % 10 / 9 AS executor,
       CASE WHEN i % 5 = 0 THEN i % 25 ELSE 30 + i % 500 END AS age,
       40 + i % 1000 AS decided
FROM {numbers};

INSERT INTO records (id, decision_no, authority_code, subject_code, subject_id, provider_id, decided_on,
  disclosed_until, penalty_kind, severity, regime, version, imported_at)
SELECT f + 1, '惠测罚〔2026〕' || f || '号', '11441300YG58BRK2XX', 'S' || subject, subject, provider,
  {day:decided}, {day:decided - 1095}, '罚款', 'ordinary', 'order-36', 1, {moment} FROM f;

INSERT INTO record_versions (record_id, version, key, content, origin, basis, made_at)
SELECT f + 1, 1, 'k' || f, {json:{content}}, 'import', '信息提供单位报送', {moment} FROM f;

INSERT INTO switch_periods (record_id, switch, since, until, basis)
SELECT f + 1, 'disclosure', {day:decided}, {day:decided - 1096}, '信息提供单位报送' FROM f;
INSERT INTO switch_periods (record_id, switch, since, basis)
SELECT f + 1, 'sharing', {day:decided}, '信息提供单位报送' FROM f;
INSERT INTO switch_periods (record_id, switch, since, basis, case_number, until, ended_basis)
SELECT f + 1, 'annotation', {day:age}, '异议', 'YY-2026-' || (1000000 + f),
  CASE WHEN open THEN NULL ELSE {day:age - 20} END, CASE WHEN open THEN NULL ELSE '办结' END FROM f;

INSERT INTO shares (record_id, recipient_id, since) SELECT f + 1, {recipient}, {day:decided} FROM f;

INSERT INTO sanctions (id, subject_id, measure_id, department_id, starts_on, ends_on)
SELECT f + 1, subject, {measure} + executor - {executor}, executor, {day:decided}, {day:decided - 730} FROM f;
INSERT INTO sanction_bases (sanction_id, record_id) SELECT f + 1, f + 1 FROM f;
INSERT INTO holds (sanction_id, case_number, since, until)
SELECT f + 1, 'YY-2026-' || (1000000 + f), {day:age}, CASE WHEN open THEN NULL ELSE {day:age - 20} END FROM f;

INSERT INTO cases (id, number, kind, state, version, unit_id, subject_id, filer_person_id, filed_on,
  rules_digest, owner_role, owner_unit_id, due_on, provisional, moved_at)
SELECT 4 * f + 1, 'YY-2026-' || (1000000 + f), 'objection', CASE WHEN open THEN 'verifying' ELSE 'closed' END,
  3, {office}, subject, {filer}, {day:age}, {digest}, CASE WHEN open THEN 'office.clerk' END,
  CASE WHEN open THEN {office} END, CASE WHEN open THEN {day:age - 20} END, {false}, {moment} FROM f;
INSERT INTO cases (id, number, kind, state, version, parent_id, unit_id, filed_on,
  rules_digest, owner_role, owner_unit_id, due_on, provisional, moved_at)
SELECT 4 * f + 2, 'HS-2026-' || (1000000 + f), 'verification', CASE WHEN open THEN 'verifying' ELSE 'closed' END,
  2, 4 * f + 1, provider, {day:age}, {digest}, CASE WHEN open THEN 'provider.handler' END,
  CASE WHEN open THEN provider END, CASE WHEN open THEN {day:age - 10} END, {false}, {moment} FROM f;
INSERT INTO cases (id, number, kind, state, version, parent_id, unit_id, subject_id, filed_on,
  rules_digest, owner_role, owner_unit_id, due_on, provisional, moved_at)
SELECT 4 * f + 3, 'ZT-2026-' || (1000000 + f), 'suspension', CASE WHEN open THEN 'ordered' ELSE 'resumed' END,
  2, 4 * f + 1, executor, subject, {day:age}, {digest}, CASE WHEN open THEN 'executor.handler' END,
  CASE WHEN open THEN executor END, CASE WHEN open THEN {day:age - 5} END, {false}, {moment} FROM f;
INSERT INTO cases (id, number, kind, state, version, unit_id, subject_id, filer_person_id, filed_on,
  rules_digest, owner_role, owner_unit_id, due_on, provisional, moved_at)
SELECT 4 * f + 4, CASE WHEN f % 2 = 0 THEN 'XF' ELSE 'GZ' END || '-2026-' || (1000000 + f),
  CASE WHEN f % 2 = 0 THEN 'repair' ELSE 'correction' END,
  CASE WHEN f % 2 = 0 THEN CASE WHEN open THEN 'examining' ELSE 'refused' END
    ELSE CASE WHEN open THEN 'ordered' ELSE 'done' END END,
  2, provider, subject, {filer}, {day:age}, {digest}, CASE WHEN open THEN 'provider.handler' END,
  CASE WHEN open THEN provider END, CASE WHEN open THEN {day:age - 15} END, {false}, {moment} FROM f;

INSERT INTO case_links (parent_id, child_id) SELECT 4 * f + 1, 4 * f + 2 FROM f;
INSERT INTO case_links (parent_id, child_id) SELECT 4 * f + 1, 4 * f + 3 FROM f;

INSERT INTO objections (case_id, source, statement, filer_name)
SELECT 4 * f + 1, 'subject', '本公司没有该违法行为。', '' FROM f;
INSERT INTO items (id, case_id, position, record_id, field, ground, claim, unit_id, finding, reasons,
  evidence, officer, own_error, unreviewed, outcome)
SELECT f + 1, 4 * f + 1, 1, f + 1, 'violation', 'O1', '没有此行为', provider,
  CASE WHEN open THEN NULL ELSE 'true' END, '经查原始案卷。', {json:'[]'}, '', {false}, {false},
  CASE WHEN open THEN NULL ELSE 'dismissed' END FROM f;
INSERT INTO verifications (case_id, round, items, hard_stop_from, officer)
SELECT 4 * f + 2, 1, {json:'[' || (f + 1) || ']'}, '2026-07-01', '核实员' FROM f;
INSERT INTO suspensions (case_id, sanction_id, open_on, note, provision, places)
SELECT 4 * f + 3, f + 1, CASE WHEN open THEN f + 1 END, '', '', {json:'[]'} FROM f;
INSERT INTO corrections (case_id, record_id, decided_fields, by_office, fields, basis, statement, places)
SELECT 4 * f + 4, f + 1, {json:'{{}}'}, {false}, {json:'{{}}'}, '原始案卷', '', {json:'[]'} FROM f WHERE f % 2 = 1;
INSERT INTO repairs (case_id, record_id, statement, commitment, committed_on, conditions, unmet, accusation, answer)
SELECT 4 * f + 4, f + 1, '违法行为已经整改。', {true}, {day:age}, {json:'[]'}, '', {json:'{{}}'}, '' FROM f WHERE f % 2 = 0;

INSERT INTO steps_taken (case_id, seq, step, source, "to", actor_id, "on", at, data, data_digest, mac)
SELECT 4 * f + k, seq, step, source, target, CASE WHEN k = 1 OR k = 4 THEN {filer} END, {day:age},
  {moment}, {json:'{{}}'}, {digest}, {digest}
FROM f CROSS JOIN (
  SELECT 1 AS k, 1 AS seq, 'file' AS step, NULL AS source, 'draft' AS target
  UNION ALL SELECT 1, 2, 'submit', 'draft', 'submitted'
  UNION ALL SELECT 1, 3, 'accept', 'submitted', 'verifying'
  UNION ALL SELECT 2, 1, 'open', NULL, 'issued'
  UNION ALL SELECT 2, 2, 'acknowledge', 'issued', 'verifying'
  UNION ALL SELECT 3, 1, 'open', NULL, 'ordered'
  UNION ALL SELECT 3, 2, 'confirm', 'ordered', 'suspended'
  UNION ALL SELECT 4, 1, 'file', NULL, 'draft'
  UNION ALL SELECT 4, 2, 'submit', 'draft', 'submitted') AS s;

INSERT INTO deadlines (case_number, clock, started_on, due_on, provisional, ended_on)
SELECT 'YY-2026-' || (1000000 + f), 'objection.total', {day:age}, {day:age - 20}, {false},
  CASE WHEN open THEN NULL ELSE {day:age - 20} END FROM f;
INSERT INTO deadlines (case_number, clock, started_on, due_on, provisional, ended_on)
SELECT 'HS-2026-' || (1000000 + f), 'verification.report', {day:age}, {day:age - 10}, {false},
  CASE WHEN open THEN NULL ELSE {day:age - 10} END FROM f;

INSERT INTO notices (case_number, seq, kind, name, title, number, series, year, ordinal, issuer_id,
  addressee_kind, addressee_subject_id, issued_on, context, html, status)
SELECT 'YY-2026-' || (1000000 + f), 3, 'objection', 'acceptance', '异议受理通知书',
  '惠信异受〔2026〕' || (f + 1) || '号', '惠信异受〔2026〕', 2026, f + 1, {office}, 'subject', subject, {day:age},
  {json:{told}}, '<p>已经受理。</p>', 'valid' FROM f;
INSERT INTO notices (case_number, seq, kind, name, title, number, series, year, ordinal, issuer_id,
  addressee_kind, addressee_unit_id, issued_on, context, html, status)
SELECT 'ZT-2026-' || (1000000 + f), 1, 'suspension', 'order', '暂停执行失信惩戒措施通知书',
  '惠信暂〔2026〕' || (f + 1) || '号', '惠信暂〔2026〕', 2026, f + 1, {office}, 'unit', executor, {day:age},
  {json:{told}}, '<p>请暂停执行。</p>', 'valid' FROM f;

DROP TABLE f;
