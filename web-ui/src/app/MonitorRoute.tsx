import { getRouteApi } from '@tanstack/react-router';
import { MonitorPage } from '../features/monitor/MonitorPage';

const route = getRouteApi('/console/monitors/$monitorId');

/** In a file of its own: the chart library is only loaded with the page that needs it. */
export function MonitorRoute() {
  const { monitorId } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <MonitorPage
      key={monitorId}
      monitorId={monitorId}
      search={route.useSearch()}
      onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
    />
  );
}
