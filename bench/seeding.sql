-- A million people in minutes: each statement writes one table, in plain SQL that PostgreSQL and SQLite
-- both read. A word in braces is the highest number that a table held before; `known` people are there.
-- bench_day, bench_course, bench_step and bench_blank were filled by bench/seeding.py.

CREATE TEMP TABLE bench_person AS
WITH RECURSIVE counted(m) AS (
    SELECT CAST(1 AS bigint) UNION ALL SELECT m + 1 FROM counted WHERE m < {more}
)
SELECT m, m + {known} AS n, m + {user} AS person, (m + {known}) * 48271 % 99999989 AS mixed FROM counted;

-- Four completions each: two courses, twice. The second time lies within eighteen months.
CREATE TEMP TABLE bench_line AS
SELECT m, n, person, mixed, k, k % 2 AS course, 4 * (m - 1) + k + 1 AS line,
    (n * 7 + k * 13) % 547 + CASE WHEN k < 2 THEN 550 ELSE 0 END AS age
FROM bench_person CROSS JOIN (SELECT 0 AS k UNION SELECT 1 UNION SELECT 2 UNION SELECT 3) AS ways;

INSERT INTO accounts_user (id, password, is_superuser, first_name, last_name, is_staff, is_active,
    date_joined, email, language, time_zone, certificate_name)
SELECT person, '!', false, '', '', false, true, at, 'learner-' || n || '@bench.example', 'en', '',
    'Learner ' || mixed
FROM bench_person JOIN bench_day ON age = 1100;

INSERT INTO account_emailaddress (id, user_id, email, verified, "primary")
SELECT m + {address}, person, 'learner-' || n || '@bench.example', true, true FROM bench_person;

INSERT INTO django_session (session_key, session_data, expire_date)
SELECT 'bench' || (100000000 + n), session_data, CASE WHEN n % 14 = 0 THEN at ELSE expire_date END
FROM bench_person JOIN bench_day ON age = 1
CROSS JOIN (SELECT session_data, expire_date FROM django_session LIMIT 1) AS sample
WHERE n % 5 = 0;

INSERT INTO courses_enrolment (id, person_id, course_id, cycle, enrolled_at)
SELECT line + {enrolment}, person, object, CASE WHEN k < 2 THEN 1 ELSE 2 END, at
FROM bench_line JOIN bench_course ON number = course JOIN bench_day ON bench_day.age = bench_line.age + 3;

-- Steps of an enrolment: four, three, two, one; the first is a quiz.
INSERT INTO quizzes_sitting (id, person_id, quiz)
SELECT line + {sitting}, person, step
FROM bench_line JOIN bench_step ON bench_step.course = bench_line.course AND place = 0;

INSERT INTO courses_stepprogress (id, enrolment_id, step_id, sitting_id, done_at)
SELECT 10 * (m - 1) + CASE k WHEN 0 THEN 0 WHEN 1 THEN 4 WHEN 2 THEN 7 ELSE 9 END + place + 1 + {progress},
    line + {enrolment}, step, CASE WHEN place = 0 THEN line + {sitting} END, at
FROM bench_line JOIN bench_step ON bench_step.course = bench_line.course AND place < 4 - k
JOIN bench_day ON bench_day.age = bench_line.age;

-- Answers older than ninety days are gone, but for one day's, which the next night removes.
INSERT INTO quizzes_attempt (id, sitting_id, number, kind, language, rule, seed, started_at, submitted_at,
    points, maximum, passed, critical_missed, answers_removed_at)
SELECT line + {attempt}, line + {sitting}, 1, kind, language, rule, line, at, at, points, maximum, passed,
    critical_missed, CASE WHEN bench_line.age > 91 THEN at END
FROM bench_line JOIN bench_day ON bench_day.age = bench_line.age
CROSS JOIN (SELECT * FROM quizzes_attempt WHERE id = {sample_attempt}) AS sample;

-- Questions of every attempt whose answers are kept, and of one in forty of the others.
INSERT INTO quizzes_attemptitem (id, attempt_id, position, version_id, "order", text_id, response,
    answered_at, correct, points)
SELECT 10 * (line - 1) + position + {item}, line + {attempt}, position, version_id, "order",
    CASE WHEN age <= 91 THEN text_id END, CASE WHEN age <= 91 THEN response ELSE blank END,
    CASE WHEN age <= 91 THEN answered_at END, CASE WHEN age <= 91 THEN correct END,
    CASE WHEN age <= 91 THEN points END
FROM bench_line CROSS JOIN (SELECT * FROM quizzes_attemptitem WHERE attempt_id = {sample_attempt}) AS sample
CROSS JOIN bench_blank
WHERE age <= 91 OR n % 40 = 0;

INSERT INTO courses_completion (id, enrolment_id, person_id, course_code, sector, titles, release_number,
    language, review, minutes, pass_percent, completed_at, completed_on, expires_on)
SELECT line + {completion}, line + {enrolment}, person, code, sector, titles, 1, language, review, minutes,
    pass_percent, at, day, until
FROM bench_line JOIN bench_course ON number = course JOIN bench_day ON bench_day.age = bench_line.age
CROSS JOIN (SELECT sector, titles, language, review, minutes, pass_percent FROM courses_completion
    WHERE id = {sample_completion}) AS sample;

INSERT INTO certificates_certificate (id, completion_id, person_id, code, holder, issuer, texts, issued_at,
    issued_on, expires_on)
SELECT line + {certificate}, line + {completion}, person,
    '12345678' || (100000000000000000 + (4 * n + k) * 48271 % 99999989), 'Learner ' || mixed, issuer, texts,
    at, day, until
FROM bench_line JOIN bench_day ON bench_day.age = bench_line.age
CROSS JOIN (SELECT issuer, texts FROM certificates_certificate
    WHERE completion_id = {sample_completion}) AS sample;

INSERT INTO certificates_certificateevent (id, certificate_id, kind, at, reason, successor_id)
SELECT 2 * (m - 1) + k + 1 + {fate}, line + {certificate}, 'superseded', at, '', line + 2 + {certificate}
FROM bench_line JOIN bench_day ON bench_day.age = bench_line.age WHERE k < 2;

INSERT INTO accounts_event (id, at, kind, subject, data)
SELECT line + {event}, at, 'certificate.issued', 'certificate ' || (line + {certificate}), data
FROM bench_line JOIN bench_day ON bench_day.age = bench_line.age
CROSS JOIN (SELECT data FROM accounts_event WHERE kind = 'certificate.issued' LIMIT 1) AS sample;

-- Of ten people four are in one organisation with forty units, four in small ones, two in none.
INSERT INTO organisations_membership (id, person_id, organisation_id, unit_id, name, staff_number, since)
SELECT m + {membership}, person, organisation_id, unit.id, 'Learner ' || mixed, 'S' || n, at
FROM bench_person JOIN bench_day ON age = 1100
JOIN organisations_unit AS unit ON unit.code = CASE
    WHEN n % 10 < 4 THEN 'big-' || (n / 10 % 40) ELSE 'small-' || (n / 250) END
WHERE n % 10 < 8;

INSERT INTO organisations_record (id, organisation_id, membership_id, unit_id, unit_code, unit_name,
    person_name, staff_number, course_code, course_title, release_number, language, reviewed, how,
    completed_on, expires_on, certificate_code, recorded_at)
SELECT line + {record}, member.organisation_id, member.id, unit.id, unit.code, unit.name, member.name,
    staff_number, bench_course.code, title, 1, sample.language, false, 'completed', day, bench_day.until,
    '12345678' || (100000000000000000 + (4 * n + k) * 48271 % 99999989), at
FROM bench_line JOIN bench_course ON number = course JOIN bench_day ON bench_day.age = bench_line.age
JOIN organisations_membership AS member ON member.id = m + {membership}
JOIN organisations_unit AS unit ON unit.id = unit_id
CROSS JOIN (SELECT language FROM courses_completion WHERE id = {sample_completion}) AS sample;

INSERT INTO organisations_recordevent (id, record_id, kind, at, note)
SELECT 2 * (m - 1) + k + 1 + {recordevent}, line + {record}, 'superseded', at, ''
FROM bench_line JOIN bench_day ON bench_day.age = bench_line.age
WHERE k < 2 AND n % 10 < 8;
