package postgres

import (
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"expense-tracker/adapters/internal/sqlkit"
)

// system is the database's name in metrics.
const system = "postgresql"

// pools are the connections, by what their sessions are set up for.
type pools struct {
	main   *sql.DB // everything but:
	adds   *sql.DB // the one statement that adds
	probe  *sql.DB // readiness; one connection
	audits *sql.DB // audits, which may take long; it has no connection but while one runs
}

// openPools makes pools that together hold at most as many connections as said, one more for readiness, and one during an audit. Adds get
// a quarter: one ledger has one batch under way. Their sessions never plan the statement again (planning takes longer than running it),
// so they must not plan for the tables as they find them, perhaps empty: each add would read all that were added since. What the pages
// read is planned for the values at hand wherever the server finds that cheaper. Each of those queries has an index in whose order it can
// be answered, and looks up the few rows of a page in other tables; a planner that has no statistics yet would rather read a whole ledger
// and sort, hash or keep it, so that is made dear, and what is dear must not be compiled for it. Where the wall stands, the server is told
// the ledger of each statement.
func openPools(config *pgx.ConnConfig, wall bool, options Options) pools {
	forMain := limited(config, options.OperationTimeout)
	forAdds := limited(config, options.OperationTimeout)
	if !isPooled(config) {
		setDefault(forAdds, paramPlans, "force_generic_plan")
		forAdds.RuntimeParams[paramDays] = "on"
		for _, param := range []string{paramSeqScan, paramBitmapScan, paramHashJoin, paramMergeJoin, paramJIT} {
			setDefault(forAdds, param, "off")
			setDefault(forMain, param, "off")
		}
		setDefault(forMain, paramSort, "off")
		setDefault(forMain, paramMaterial, "off")
	}
	follow := newFollower(config)
	shareOfAdds := max(1, options.MaxConnections/4)
	watched := options.watchers()
	p := pools{
		main:   sqlkit.OpenMeasured(connector(forMain, wall, follow), system, "main", watched),
		adds:   sqlkit.OpenMeasured(connector(forAdds, wall, follow), system, "adds", watched),
		probe:  sql.OpenDB(stdlib.GetConnector(*probing(forMain), follow.options(leavingAtOnce)...)),
		audits: sql.OpenDB(scoped(stdlib.GetConnector(*config), config, wall)),
	}
	keepOpen(p.main, options.MaxConnections-shareOfAdds)
	keepOpen(p.adds, shareOfAdds)
	keepOpen(p.probe, 1)
	p.audits.SetMaxOpenConns(1)
	p.audits.SetMaxIdleConns(0)
	return p
}

// connector opens connections that end with the call that uses them.
func connector(config *pgx.ConnConfig, wall bool, follow *follower) driver.Connector {
	config = config.Copy()
	config.DialFunc = uncancelled(config.DialFunc)
	config.Tracer = endings{}
	options := append(follow.options(endWith), stdlib.OptionShouldPing(endWithAndPing))
	return scoped(openingConnector{stdlib.GetConnector(*config, options...)}, config, wall)
}

func scoped(connector driver.Connector, config *pgx.ConnConfig, wall bool) driver.Connector {
	if !wall {
		return connector
	}
	return scopedConnector{connector, isPooled(config)}
}

// ledgerReads is how many of the main connections the readers of one ledger may hold: a quarter is left to others.
func (p pools) ledgerReads() int64 {
	all := p.main.Stats().MaxOpenConnections
	return int64(max(1, all-max(1, all/4)))
}

// keepOpen lets a pool have as many connections and keep them: database/sql would throw away all but two.
func keepOpen(db *sql.DB, connections int) {
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxLifetime(connectionLife)
}

func (p pools) close() error {
	return errors.Join(p.main.Close(), p.adds.Close(), p.probe.Close(), p.audits.Close())
}
