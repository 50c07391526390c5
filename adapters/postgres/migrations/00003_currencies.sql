-- +goose Up

-- What the stored amounts of each currency are counted in. Its rows never change, whatever lists of currencies say later. Programs
-- add the codes that they know; here are those that prices have, which have all decimals of their currency.
CREATE TABLE currency (
    code   text     COLLATE "C" PRIMARY KEY,
    digits smallint NOT NULL,
    scale  integer  NOT NULL -- 10 to the power of digits
);

INSERT INTO currency (code, digits, scale)
SELECT currency, max(scale(price)), (10 ^ max(scale(price)))::integer FROM expense_entry GROUP BY currency;
